// Threads of the operating system.
#pragma once
#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
typedef HANDLE Thread;
#define THREAD_RESULT DWORD WINAPI
#else
#include <pthread.h>
#include <signal.h>
typedef pthread_t Thread;
#define THREAD_RESULT void *
#endif

/** Starts a thread. Signals are left to the threads of Node.js. @returns 0 if the system does not give one. */
static int startThread(Thread *thread, THREAD_RESULT (*body)(void *), void *argument) {
#if defined(_WIN32)
  *thread = CreateThread(NULL, 0, body, argument, 0, NULL);
  return *thread != NULL;
#else
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int status = pthread_create(thread, NULL, body, argument);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return status == 0;
#endif
}

/** Waits for a thread to end. */
static void joinThread(Thread thread) {
#if defined(_WIN32)
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
#else
  pthread_join(thread, NULL);
#endif
}
