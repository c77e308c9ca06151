#pragma once
#include "sha256.h"
