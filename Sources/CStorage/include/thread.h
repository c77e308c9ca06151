// The number of the calling thread, which the C library's headers have for GNU's C alone.
#pragma once
#include <stdint.h>

/// A number of the same kind as a process's, and of no other thread or process while this one lives.
int32_t thread_number(void);
