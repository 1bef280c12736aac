// The functions that JavaScript calls. It never sees an address: networks are objects that only this file can open.
#include "commands.h"
#include <stdlib.h>
#include <string.h>

/** Tells the garbage collector how much memory the networks have. */
static void reportMemory(napi_env env, double difference) {
  int64_t total;
  if (difference != 0) napi_adjust_external_memory(env, (int64_t)difference, &total);
}

static void finalizeNetwork(napi_env env, void *data, void *hint) {
  (void)hint;
  Network *network = data;
  reportMemory(env, -network->size);
  disposeNetwork(network);
  free(network);
}

/** create(instructionSet): a network without sizes. */
static napi_value create(napi_env env, napi_callback_info info) {
  Arguments arguments;
  char name[32] = "";
  if (!getArguments(env, info, &arguments)) return NULL;
  const Kernel *kernel = KERNELS;
  if (napi_get_value_string_utf8(env, arguments.values[0], name, sizeof(name), NULL) != napi_ok) name[0] = 0;
  while (kernel->name && !(strcmp(kernel->name, name) == 0 && kernel->isSupported())) kernel++;
  if (!kernel->name) {
    throwError(env, TYPE_ERROR, "instructionSet: expected one that this machine supports, got another");
    return NULL;
  }
  Network *network = createNetwork(kernel);
  if (!network) {
    throwError(env, RANGE_ERROR, "memory: expected some for a network, got none");
    return NULL;
  }
  napi_value object;
  if (napi_create_object(env, &object) != napi_ok || napi_type_tag_object(env, object, &NETWORK_TAG) != napi_ok ||
      napi_wrap(env, object, network, finalizeNetwork, NULL, NULL) != napi_ok) {
    free(network);
    throwError(env, ERROR, "network: expected an object for it, got none");
    return NULL;
  }
  return object;
}

/** set(network, field, value) */
static napi_value set(napi_env env, napi_callback_info info) {
  Arguments arguments;
  Network *network;
  int field;
  double value;
  Failure failure;
  if (!getArguments(env, info, &arguments) || !getNetwork(&arguments, &network) || !getIndex(&arguments, 1, "field", &field) ||
      !getNumber(&arguments, 2, "value", &value))
    return NULL;
  return setField(network, field, value, &failure) ? NULL : throwFailure(env, &failure);
}

/** get(network, field): a number. */
static napi_value get(napi_env env, napi_callback_info info) {
  Arguments arguments;
  Network *network;
  int field;
  double value;
  Failure failure;
  if (!getArguments(env, info, &arguments) || !getNetwork(&arguments, &network) || !getIndex(&arguments, 1, "field", &field))
    return NULL;
  return getField(network, field, &value, &failure) ? number(env, value) : throwFailure(env, &failure);
}

/** Reads the network and the shape that follows it. */
static int getShape(const Arguments *arguments, Network **network, RunShape *shape) {
  return getNetwork(arguments, network) && getNumber(arguments, 1, "timeSteps", &shape->timeSteps) &&
         getNumber(arguments, 2, "batchSize", &shape->batchSize) && getNumber(arguments, 3, "maxThreads", &shape->maxThreads) &&
         getNumber(arguments, 4, "history", &shape->history) && getNumber(arguments, 5, "training", &shape->training);
}

/** measure(network, timeSteps, batchSize, maxThreads, history, training): the bytes that the network would have. */
static napi_value measure(napi_env env, napi_callback_info info) {
  Arguments arguments;
  Network *network;
  RunShape shape;
  double bytes;
  Failure failure;
  if (!getArguments(env, info, &arguments) || !getShape(&arguments, &network, &shape)) return NULL;
  return measureNetwork(network, shape, &bytes, &failure) ? number(env, bytes) : throwFailure(env, &failure);
}

/** prepare(network, timeSteps, batchSize, maxThreads, history, training, limit): limit and result in bytes. */
static napi_value prepare(napi_env env, napi_callback_info info) {
  Arguments arguments;
  Network *network;
  RunShape shape;
  double limit;
  Failure failure;
  if (!getArguments(env, info, &arguments) || !getShape(&arguments, &network, &shape) ||
      !getNumber(&arguments, 6, "limit", &limit))
    return NULL;
  double before = network->size;
  if (!prepareNetwork(network, shape, limit, &failure)) return throwFailure(env, &failure);
  reportMemory(env, network->size - before);
  return number(env, network->size);
}

/** read(network, field, offset, into) */
static napi_value readNumbers(napi_env env, napi_callback_info info) {
  Arguments arguments;
  Network *network;
  int field;
  double offset;
  void *data;
  Size length;
  Failure failure;
  if (!getArguments(env, info, &arguments) || !getNetwork(&arguments, &network) || !getIndex(&arguments, 1, "field", &field) ||
      !getNumber(&arguments, 2, "offset", &offset) || !getArray(&arguments, 3, &data, &length, NULL))
    return NULL;
  return readArray(network, field, offset, data, length, &failure) ? NULL : throwFailure(env, &failure);
}

/** write(network, field, offset, from) */
static napi_value writeNumbers(napi_env env, napi_callback_info info) {
  Arguments arguments;
  Network *network;
  int field, isInt;
  double offset;
  void *data;
  Size length;
  Failure failure;
  if (!getArguments(env, info, &arguments) || !getNetwork(&arguments, &network) || !getIndex(&arguments, 1, "field", &field) ||
      !getNumber(&arguments, 2, "offset", &offset) || !getArray(&arguments, 3, &data, &length, &isInt))
    return NULL;
  return writeArray(network, field, offset, data, length, isInt, &failure) ? NULL : throwFailure(env, &failure);
}

/** clearGradients(network) */
static napi_value clearGradientsOf(napi_env env, napi_callback_info info) {
  Arguments arguments;
  Network *network;
  Failure failure;
  if (!getArguments(env, info, &arguments) || !getNetwork(&arguments, &network)) return NULL;
  return clearStateGradients(network, &failure) ? NULL : throwFailure(env, &failure);
}

/** dispose(network): frees its memory; a second time it does nothing. */
static napi_value dispose(napi_env env, napi_callback_info info) {
  Arguments arguments;
  Network *network;
  if (!getArguments(env, info, &arguments) || !getNetwork(&arguments, &network)) return NULL;
  if (network->isRunning) {
    throwError(env, ERROR, "network: expected one that is idle, got one that runs a command");
    return NULL;
  }
  reportMemory(env, -network->size);
  disposeNetwork(network);
  return NULL;
}

/** startThreads(count): the number of threads that there are, at most `count`. */
static napi_value startThreadsOf(napi_env env, napi_callback_info info) {
  Arguments arguments;
  int count;
  if (!getArguments(env, info, &arguments) || !getIndex(&arguments, 0, "count", &count)) return NULL;
  return number(env, startThreads(poolOf(env), MIN(count, MAX_THREADS)));
}

/** instructionSets(): names of those that this machine supports, the fastest first. */
static napi_value instructionSets(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value names, name;
  uint32_t count = 0;
  if (napi_create_array(env, &names) != napi_ok) return NULL;
  for (const Kernel *kernel = KERNELS; kernel->name; kernel++)
    if (kernel->isSupported() && napi_create_string_utf8(env, kernel->name, NAPI_AUTO_LENGTH, &name) == napi_ok)
      napi_set_element(env, names, count++, name);
  return names;
}

/** fields(): names of the plan's fields; their place in the list is their number. */
static napi_value fields(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value names, name;
  if (napi_create_array(env, &names) != napi_ok) return NULL;
  for (int i = 0; i < FIELD_COUNT; i++)
    if (napi_create_string_utf8(env, FIELDS[i].name, NAPI_AUTO_LENGTH, &name) == napi_ok)
      napi_set_element(env, names, (uint32_t)i, name);
  return names;
}

static void finalizePool(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  destroyPool(data);
}

NAPI_MODULE_INIT() {
  static const struct {
    const char *name;
    napi_callback callback;
  } FUNCTIONS[] = {{"create", create}, {"set", set}, {"get", get}, {"measure", measure}, {"prepare", prepare},
                   {"read", readNumbers}, {"write", writeNumbers}, {"run", runNow}, {"runAsync", runAsync},
                   {"clearGradients", clearGradientsOf}, {"dispose", dispose}, {"startThreads", startThreadsOf},
                   {"instructionSets", instructionSets}, {"fields", fields}};
  Pool *pool = createPool();
  if (!pool || napi_set_instance_data(env, pool, finalizePool, NULL) != napi_ok) {
    throwError(env, ERROR, "memory: expected some for threads, got none");
    return NULL;
  }
  for (size_t i = 0; i < sizeof(FUNCTIONS) / sizeof(FUNCTIONS[0]); i++) {
    napi_value function;
    if (napi_create_function(env, FUNCTIONS[i].name, NAPI_AUTO_LENGTH, FUNCTIONS[i].callback, NULL, &function) != napi_ok ||
        napi_set_named_property(env, exports, FUNCTIONS[i].name, function) != napi_ok)
      return NULL;
  }
  return exports;
}
