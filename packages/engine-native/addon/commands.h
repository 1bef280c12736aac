// Running commands of networks, for JavaScript.
#pragma once
#include "arguments.h"
#include "pool.h"

/** Returns a number for JavaScript. */
napi_value number(napi_env env, double value);

/** Returns the threads of an environment. */
Pool *poolOf(napi_env env);

/** run(network, command): the number of threads that it ran on. */
napi_value runNow(napi_env env, napi_callback_info info);

/** runAsync(network, command): a promise of the number of threads that it ran on. */
napi_value runAsync(napi_env env, napi_callback_info info);
