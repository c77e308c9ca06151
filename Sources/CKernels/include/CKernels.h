// The numerics in C: the products of Dense layers with Adam, and statevectors, for several instruction sets.
#pragma once

#include "dense.h"
#include "instruction_set.h"
#include "memory.h"
#include "padding.h"
#include "statevector.h"
