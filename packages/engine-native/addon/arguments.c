#include "arguments.h"
#include <math.h>
#include <stdio.h>

const napi_type_tag NETWORK_TAG = {0x6b7c0d1f5f0e4a53, 0x9d3be1c2a1f84e07};

int throwError(napi_env env, FailureKind kind, const char *message) {
  if (kind == RANGE_ERROR) napi_throw_range_error(env, NULL, message);
  else if (kind == TYPE_ERROR) napi_throw_type_error(env, NULL, message);
  else napi_throw_error(env, NULL, message);
  return 0;
}

napi_value throwFailure(napi_env env, const Failure *failure) {
  throwError(env, failure->kind, failure->message);
  return NULL;
}

int getArguments(napi_env env, napi_callback_info info, Arguments *arguments) {
  size_t count = sizeof(arguments->values) / sizeof(arguments->values[0]);
  arguments->env = env;
  if (napi_get_cb_info(env, info, &count, arguments->values, NULL, NULL) == napi_ok) return 1;
  return throwError(env, ERROR, "arguments: expected some that can be read, got others");
}

static const char *typeName(napi_env env, napi_value value) {
  static const char *const NAMES[] = {"undefined", "null", "a boolean", "a number", "a string", "a symbol", "an object",
                                      "a function", "an external", "a bigint"};
  napi_valuetype type;
  if (napi_typeof(env, value, &type) != napi_ok || (size_t)type >= sizeof(NAMES) / sizeof(NAMES[0])) return "another";
  return NAMES[type];
}

/** Throws a TypeError about argument `index`. */
static int throwType(const Arguments *arguments, int index, const char *name, const char *expected) {
  char message[128];
  const char *got = typeName(arguments->env, arguments->values[index]);
  snprintf(message, sizeof(message), "%s: expected %s, got %s", name, expected, got);
  return throwError(arguments->env, TYPE_ERROR, message);
}

int getNumber(const Arguments *arguments, int index, const char *name, double *value) {
  if (napi_get_value_double(arguments->env, arguments->values[index], value) == napi_ok) return 1;
  return throwType(arguments, index, name, "a number");
}

int getIndex(const Arguments *arguments, int index, const char *name, int *value) {
  double number;
  if (!getNumber(arguments, index, name, &number)) return 0;
  if (number >= 0 && number <= 0x7fffffff && floor(number) == number) {
    *value = (int)number;
    return 1;
  }
  char message[128];
  snprintf(message, sizeof(message), "%s: expected an integer from 0 on, got %.9g", name, number);
  return throwError(arguments->env, RANGE_ERROR, message);
}

int getNetwork(const Arguments *arguments, Network **network) {
  bool isTagged = false;
  napi_env env = arguments->env;
  napi_value value = arguments->values[0];
  napi_valuetype type;
  if (napi_typeof(env, value, &type) == napi_ok && type == napi_object &&
      napi_check_object_type_tag(env, value, &NETWORK_TAG, &isTagged) == napi_ok && isTagged &&
      napi_unwrap(env, value, (void **)network) == napi_ok)
    return 1;
  return throwType(arguments, 0, "network", "one of `create`");
}

int getArray(const Arguments *arguments, int index, void **data, Size *length, int *isInt) {
  napi_env env = arguments->env;
  napi_value value = arguments->values[index];
  const char *expected = isInt ? "a Float32Array or an Int32Array" : "a Float32Array";
  bool isArray = false;
  if (napi_is_typedarray(env, value, &isArray) != napi_ok || !isArray) return throwType(arguments, index, "array", expected);
  napi_typedarray_type type;
  size_t count;
  if (napi_get_typedarray_info(env, value, &type, &count, data, NULL, NULL) != napi_ok)
    return throwType(arguments, index, "array", expected);
  if (type != napi_float32_array && !(isInt && type == napi_int32_array)) return throwType(arguments, index, "array", expected);
  if (isInt) *isInt = type == napi_int32_array;
  *length = (Size)count;
  if (!*data && count > 0) return throwType(arguments, index, "array", "one that has its memory");
  return 1;
}
