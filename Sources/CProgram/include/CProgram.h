#pragma once
/// The commit that this binary was built from, with a "+" when the checkout had uncommitted changes; "" when unknown.
const char *qcalo_commit(void);
/// The C compiler's version, as it says it itself.
const char *qcalo_compiler(void);
/// How many arguments the program was started with, its name counted.
int qcalo_argument_count(void);
/// The arguments that main gets. /proc has those of the loader too, where one was started by its name.
char *const *qcalo_arguments(void);
