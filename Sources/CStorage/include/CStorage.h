#pragma once
#include "sha256.h"
#include "thread.h"
