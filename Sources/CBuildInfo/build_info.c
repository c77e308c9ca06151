#include "CBuildInfo.h"

#ifndef QCALO_COMMIT
#define QCALO_COMMIT ""
#endif

const char *qcalo_commit(void) { return QCALO_COMMIT; }
