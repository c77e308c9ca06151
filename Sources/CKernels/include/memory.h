// Memory for what kernels read and write.
#pragma once

/// Room for `count` floats and the rest of a vector, on a cache line and not initialised; null where there is none. What is
/// as long as a huge page begins on one, ends with one, and asks the system for such: of small pages a core knows fewer by
/// heart than a network or a state of many qubits has. free() gives it back.
float *kernel_memory(long count);
