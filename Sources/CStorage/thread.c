#define _GNU_SOURCE
#include "thread.h"
#include <unistd.h>

int32_t thread_number(void) { return gettid(); }
