/* interrupt.h - Ctrl-C. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

/* From now on the first SIGINT or SIGTERM only sets the flag that this returns; the second ends the program. A
 * signal that was ignored when the program began (nohup) stays ignored. */
const volatile int *cli_interrupt_catch(void);

#endif
