// Why a function of the addon failed: the class of the error that JavaScript gets, and its message.
#pragma once

typedef enum { NO_FAILURE, ERROR, TYPE_ERROR, RANGE_ERROR } FailureKind;

typedef struct {
  FailureKind kind;
  char message[256];
} Failure;

/** Writes a failure with a message as of `printf`. Returns 0. */
int fail(Failure *failure, FailureKind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));
