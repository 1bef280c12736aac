#include "failure.h"
#include <stdarg.h>
#include <stdio.h>

int fail(Failure *failure, FailureKind kind, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  failure->kind = kind;
  vsnprintf(failure->message, sizeof(failure->message), format, arguments);
  va_end(arguments);
  return 0;
}
