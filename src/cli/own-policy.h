/* Made by strace2seccomp 0.1.0, --format=bpf-c.
 *
 * int install_own_policy(void): call it once, when the program is set up and before it
 * starts threads: the thread that calls it and all that come from it get the policy. It
 * sets no_new_privs, which stays. Returns 0, or, with the action notify, the descriptor
 * of the listener. On failure returns a negative errno, with nothing installed but,
 * perhaps, no_new_privs. errno stays as it was.
 */
#ifndef S2S_HEADER_install_own_policy
#define S2S_HEADER_install_own_policy

#ifdef __cplusplus
extern "C" {
#endif

int install_own_policy(void);

#ifdef __cplusplus
}
#endif

#endif
