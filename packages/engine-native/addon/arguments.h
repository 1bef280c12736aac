// Arguments of functions that JavaScript calls. Each function returns 0 after it has thrown an error.
#pragma once
#include "network.h"
#include <node_api.h>

/** The arguments of a call. */
typedef struct {
  napi_env env;
  napi_value values[8];
} Arguments;

/** Reads the arguments of a call; those that are missing are undefined. */
int getArguments(napi_env env, napi_callback_info info, Arguments *arguments);

/** Reads argument `index` as a number. */
int getNumber(const Arguments *arguments, int index, const char *name, double *value);

/** Reads argument `index` as an integer of [0, 2^31). */
int getIndex(const Arguments *arguments, int index, const char *name, int *value);

/** Reads the first argument as a network. */
int getNetwork(const Arguments *arguments, Network **network);

/** Reads argument `index` as a Float32Array, or an Int32Array if `isInt` is not NULL. */
int getArray(const Arguments *arguments, int index, void **data, Size *length, int *isInt);

/** Throws a failure. Returns NULL. */
napi_value throwFailure(napi_env env, const Failure *failure);

/** Throws an error of a class. Returns 0. */
int throwError(napi_env env, FailureKind kind, const char *message);

extern const napi_type_tag NETWORK_TAG;
