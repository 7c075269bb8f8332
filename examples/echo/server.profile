# strace2seccomp profile 1
# calls, runs, architecture, call, # where it was first seen
    1029    2 x86_64 read(0, address, 16384) # trace/server.1.log:133
     217    2 x86_64 read(3, address, 832) # trace/server.1.log:99
      42    2 x86_64 write(0, address, 1) # trace/server.1.log:1229
       1    1 x86_64 write(0, address, 4) # trace/server.1.log:1525
       2    1 x86_64 write(0, address, 5) # trace/server.1.log:1158
       3    1 x86_64 write(0, address, 7) # trace/server.1.log:2682
       1    1 x86_64 write(0, address, 10) # trace/server.1.log:135
       1    1 x86_64 write(0, address, 11) # trace/server.1.log:1304
     200    1 x86_64 write(0, address, 2400) # trace/server.1.log:4819
      10    1 x86_64 write(0, address, 4096) # trace/server.1.log:478
       1    1 x86_64 write(0, address, 5120) # trace/server.1.log:226
       2    1 x86_64 write(0, address, 5312) # trace/server.1.log:1639
       7    1 x86_64 write(0, address, 8192) # trace/server.1.log:2003
       7    1 x86_64 write(0, address, 10240) # trace/server.1.log:254
      36    1 x86_64 write(0, address, 13312) # trace/server.1.log:1014
     505    1 x86_64 write(0, address, 16384) # trace/server.1.log:206
       1    1 x86_64 write(2, address, 41) # trace/server.1.log:29902
       1    1 x86_64 write(2, address, 44) # trace/server.1.log:29897
     434    2 x86_64 close(3) # trace/server.1.log:97
     219    3 x86_64 close(4) # trace/server.1.log:87
     219    3 x86_64 close(5) # trace/server.1.log:86
     217    2 x86_64 close(6) # trace/server.1.log:78
       4    1 x86_64 poll(address, 2, 0) # trace/server.1.log:3518
       4    1 x86_64 poll(address, 2, 250) # trace/server.1.log:3648
       6    1 x86_64 poll(address, 2, 500) # trace/server.1.log:3636
       4    1 x86_64 poll(address, 2, 750) # trace/server.1.log:3628
       6    1 x86_64 poll(address, 2, 1000) # trace/server.1.log:3616
       4    1 x86_64 poll(address, 2, 1250) # trace/server.1.log:3608
       4    1 x86_64 poll(address, 2, 1500) # trace/server.1.log:3600
       6    1 x86_64 poll(address, 2, 1750) # trace/server.1.log:3588
    1816    2 x86_64 poll(address, 2, 2000) # trace/server.1.log:132
     217    2 x86_64 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) # trace/server.1.log:92
     217    2 x86_64 mmap(NULL, 12288, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) # trace/server.1.log:109
     217    2 x86_64 mmap(NULL, 43567, PROT_READ, MAP_PRIVATE, 3, 0) # trace/server.1.log:96
     217    2 x86_64 mmap(NULL, 1974096, PROT_READ, MAP_PRIVATE|MAP_DENYWRITE, 3, 0) # trace/server.1.log:103
     217    2 x86_64 mmap(address, 24576, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE, 3, 1896448) # trace/server.1.log:106
     217    2 x86_64 mmap(address, 53072, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) # trace/server.1.log:107
     217    2 x86_64 mmap(address, 339968, PROT_READ, MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE, 3, 1556480) # trace/server.1.log:105
     217    2 x86_64 mmap(address, 1400832, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE, 3, 155648) # trace/server.1.log:104
     217    2 x86_64 mprotect(address, 4096, PROT_READ) # trace/server.1.log:115
     217    2 x86_64 mprotect(address, 8192, PROT_READ) # trace/server.1.log:116
     217    2 x86_64 mprotect(address, 16384, PROT_READ) # trace/server.1.log:114
     217    2 x86_64 munmap(address, 43567) # trace/server.1.log:118
     217    2 x86_64 brk(NULL) # trace/server.1.log:91
     217    2 x86_64 rt_sigaction(SIGHUP, address, address, 8) # trace/server.1.log:84
     217    2 x86_64 rt_sigaction(SIGINT, address, address, 8) # trace/server.1.log:83
     217    2 x86_64 rt_sigaction(SIGPIPE, address, address, 8) # trace/server.1.log:129
     217    2 x86_64 rt_sigaction(SIGTERM, address, address, 8) # trace/server.1.log:82
     217    2 x86_64 rt_sigaction(SIGCHLD, address, address, 8) # trace/server.1.log:81
     217    2 x86_64 rt_sigprocmask(SIG_SETMASK, address, NULL, 8) # trace/server.1.log:85
      34    2 x86_64 rt_sigreturn() # trace/server.1.log:142
     434    2 x86_64 pread64(3, address, 784, 64) # trace/server.1.log:100
     217    2 x86_64 access(address, R_OK) # trace/server.1.log:93
     217    2 x86_64 dup2(3, 1) # trace/server.1.log:89
     217    2 x86_64 dup2(6, 0) # trace/server.1.log:88
     217    2 x86_64 clone(SIGCHLD|CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID, NULL, unknown, address, unknown) # trace/server.1.log:77
     217    2 x86_64 execve(address, address, address) # trace/server.1.log:90
     479    3 x86_64 wait4(unknown, address, WNOHANG, NULL) # trace/server.1.log:75
     217    2 x86_64 chdir(address) # trace/server.1.log:121
     217    2 x86_64 setuid(0) # trace/server.1.log:128
     217    2 x86_64 setuid(65534) # trace/server.1.log:124
     217    2 x86_64 setgid(65534) # trace/server.1.log:123
     217    2 x86_64 getgroups(0, NULL) # trace/server.1.log:127
     217    2 x86_64 setgroups(0, NULL) # trace/server.1.log:122
     217    2 x86_64 getresuid(address, address, address) # trace/server.1.log:125
     217    2 x86_64 getresgid(address, address, address) # trace/server.1.log:126
     217    2 x86_64 prctl(PR_SET_NO_NEW_PRIVS, 0x1, NULL, NULL, NULL) # trace/server.1.log:130
     217    2 x86_64 arch_prctl(ARCH_SET_FS, address) # trace/server.1.log:110
     217    2 x86_64 chroot(address) # trace/server.1.log:120
     217    2 x86_64 set_tid_address(address) # trace/server.1.log:111
       1    1 x86_64 restart_syscall() # trace/server.1.log:29875
     218    3 x86_64 exit_group(0) # trace/server.1.log:138
     434    2 x86_64 openat(AT_FDCWD, address, O_RDONLY|O_CLOEXEC, unknown) # trace/server.1.log:94
     434    2 x86_64 newfstatat(3, address, address, AT_EMPTY_PATH) # trace/server.1.log:95
     257    3 x86_64 ppoll(address, 1, NULL, address, 8) # trace/server.1.log:74
       6    1 x86_64 ppoll(address, 1, address, address, 8) # trace/server.1.log:29903
     434    2 x86_64 set_robust_list(address, 24) # trace/server.1.log:80
     222    2 x86_64 accept4(5, NULL, NULL, SOCK_NONBLOCK|SOCK_CLOEXEC) # trace/server.1.log:76
     217    2 x86_64 prlimit64(unknown, RLIMIT_STACK, NULL, address) # trace/server.1.log:117
     217    2 x86_64 seccomp(SECCOMP_SET_MODE_FILTER, 0, address) # trace/server.1.log:131
     217    2 x86_64 rseq(address, 32, 0, 0x53053053) # trace/server.1.log:113
     217    2 x86_64 close_range(3, -1, 0) # trace/server.1.log:119
