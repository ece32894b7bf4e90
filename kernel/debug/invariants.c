#include <kernel/kernel.h>
#if CONFIG_DEBUG
void debug_check(void) {}
#endif
