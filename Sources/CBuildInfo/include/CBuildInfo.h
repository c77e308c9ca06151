#pragma once
/// The commit that this binary was built from, with a "+" when the checkout had uncommitted changes; "" when unknown.
const char *qcalo_commit(void);
