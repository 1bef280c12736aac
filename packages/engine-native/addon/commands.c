#include "commands.h"
#include <stdlib.h>

/** A command that runs beside JavaScript. */
typedef struct {
  napi_async_work work;
  napi_deferred deferred;
  napi_ref reference; // keeps the network
  Network *network;
  Pool *pool;
  int command, threadsUsed;
} AsyncRun;

napi_value number(napi_env env, double value) {
  napi_value result = NULL;
  napi_create_double(env, value, &result);
  return result;
}

Pool *poolOf(napi_env env) {
  void *pool = NULL;
  napi_get_instance_data(env, &pool);
  return pool;
}

/** Reads network and command, and checks that they fit. */
static int getCommand(const Arguments *arguments, Network **network, int *command) {
  Failure failure;
  double given;
  if (!getNetwork(arguments, network) || !getNumber(arguments, 1, "command", &given)) return 0;
  if (!checkCommand(*network, given, &failure)) return throwError(arguments->env, failure.kind, failure.message);
  *command = (int)given;
  return 1;
}

/** Returns the number of threads to run on: at most one per batch element. */
static int threadsFor(const Network *network) { return MIN(network->plan.maxThreads, network->plan.batchSize); }

napi_value runNow(napi_env env, napi_callback_info info) {
  Arguments arguments;
  Network *network;
  int command;
  if (!getArguments(env, info, &arguments) || !getCommand(&arguments, &network, &command)) return NULL;
  return number(env, runCommand(poolOf(env), network->kernel, &network->plan, command, threadsFor(network),
                                &network->choices[command]));
}

static void executeRun(napi_env env, void *data) {
  (void)env;
  AsyncRun *run = data;
  Network *network = run->network;
  run->threadsUsed =
      runCommand(run->pool, network->kernel, &network->plan, run->command, threadsFor(network),
                                &network->choices[run->command]);
}

static void completeRun(napi_env env, napi_status status, void *data) {
  AsyncRun *run = data;
  run->network->isRunning = 0;
  napi_value result = NULL;
  if (status == napi_ok) {
    napi_resolve_deferred(env, run->deferred, number(env, run->threadsUsed));
  } else {
    napi_value message;
    napi_create_string_utf8(env, "run: expected it to end, it was cancelled", NAPI_AUTO_LENGTH, &message);
    napi_create_error(env, NULL, message, &result);
    napi_reject_deferred(env, run->deferred, result);
  }
  napi_delete_reference(env, run->reference);
  napi_delete_async_work(env, run->work);
  free(run);
}

napi_value runAsync(napi_env env, napi_callback_info info) {
  Arguments arguments;
  Network *network;
  int command;
  if (!getArguments(env, info, &arguments) || !getCommand(&arguments, &network, &command)) return NULL;
  AsyncRun *run = calloc(1, sizeof(AsyncRun));
  napi_value promise = NULL, name = NULL;
  if (run) {
    *run = (AsyncRun){.network = network, .pool = poolOf(env), .command = command};
    if (napi_create_reference(env, arguments.values[0], 1, &run->reference) == napi_ok &&
        napi_create_string_utf8(env, "@dnc/engine-native", NAPI_AUTO_LENGTH, &name) == napi_ok &&
        napi_create_async_work(env, NULL, name, executeRun, completeRun, run, &run->work) == napi_ok &&
        napi_create_promise(env, &run->deferred, &promise) == napi_ok) {
      network->isRunning = 1;
      if (napi_queue_async_work(env, run->work) == napi_ok) return promise;
      network->isRunning = 0;
    }
    if (run->work) napi_delete_async_work(env, run->work);
    if (run->reference) napi_delete_reference(env, run->reference);
    free(run);
  }
  throwError(env, ERROR, "run: expected it to start, got no memory for it");
  return NULL;
}

