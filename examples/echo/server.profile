# strace2seccomp profile 1
# calls, runs, architecture, call, # where it was first seen
    1025    5 x86_64 read(0, address, 16384) # trace/server.1.log:135
     219    5 x86_64 read(3, address, 832) # trace/server.1.log:101
      46    5 x86_64 write(0, address, 1) # trace/server.1.log:1195
       1    1 x86_64 write(0, address, 4) # trace/server.1.log:1478
       2    1 x86_64 write(0, address, 5) # trace/server.1.log:1122
       3    1 x86_64 write(0, address, 7) # trace/server.1.log:2663
       1    1 x86_64 write(0, address, 10) # trace/server.1.log:137
       1    1 x86_64 write(0, address, 11) # trace/server.1.log:1269
     200    1 x86_64 write(0, address, 2400) # trace/server.1.log:9474
       1    1 x86_64 write(0, address, 4096) # trace/server.1.log:368
       1    1 x86_64 write(0, address, 5120) # trace/server.1.log:228
       2    1 x86_64 write(0, address, 5312) # trace/server.1.log:1586
       2    1 x86_64 write(0, address, 8192) # trace/server.1.log:3146
       1    1 x86_64 write(0, address, 9216) # trace/server.1.log:984
       7    1 x86_64 write(0, address, 10240) # trace/server.1.log:256
      37    1 x86_64 write(0, address, 13312) # trace/server.1.log:1614
     509    1 x86_64 write(0, address, 16384) # trace/server.1.log:208
       1    1 x86_64 write(2, address, 41) # trace/server.1.log:29784
       1    1 x86_64 write(2, address, 44) # trace/server.1.log:29779
     438    5 x86_64 close(3) # trace/server.1.log:99
     223    5 x86_64 close(4) # trace/server.1.log:89
     223    5 x86_64 close(5) # trace/server.1.log:88
     219    5 x86_64 close(6) # trace/server.1.log:78
       4    1 x86_64 poll(address, 2, 0) # trace/server.1.log:3492
       4    1 x86_64 poll(address, 2, 250) # trace/server.1.log:3622
       6    1 x86_64 poll(address, 2, 500) # trace/server.1.log:3610
       4    1 x86_64 poll(address, 2, 750) # trace/server.1.log:3602
       6    1 x86_64 poll(address, 2, 1000) # trace/server.1.log:3590
       4    1 x86_64 poll(address, 2, 1250) # trace/server.1.log:3582
       4    1 x86_64 poll(address, 2, 1500) # trace/server.1.log:3574
       6    1 x86_64 poll(address, 2, 1750) # trace/server.1.log:3562
    1799    1 x86_64 poll(address, 2, 2000) # trace/server.1.log:134
      12    4 x86_64 poll(address, 2, 5000) # trace/server.10.log:132
     219    5 x86_64 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) # trace/server.1.log:94
     219    5 x86_64 mmap(NULL, 12288, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) # trace/server.1.log:111
     219    5 x86_64 mmap(NULL, 43567, PROT_READ, MAP_PRIVATE, 3, 0) # trace/server.1.log:98
     219    5 x86_64 mmap(NULL, 1974096, PROT_READ, MAP_PRIVATE|MAP_DENYWRITE, 3, 0) # trace/server.1.log:105
     219    5 x86_64 mmap(address, 24576, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE, 3, 1896448) # trace/server.1.log:108
     219    5 x86_64 mmap(address, 53072, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) # trace/server.1.log:109
     219    5 x86_64 mmap(address, 339968, PROT_READ, MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE, 3, 1556480) # trace/server.1.log:107
     219    5 x86_64 mmap(address, 1400832, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE, 3, 155648) # trace/server.1.log:106
     219    5 x86_64 mprotect(address, 4096, PROT_READ) # trace/server.1.log:117
     219    5 x86_64 mprotect(address, 8192, PROT_READ) # trace/server.1.log:118
     219    5 x86_64 mprotect(address, 16384, PROT_READ) # trace/server.1.log:116
     219    5 x86_64 munmap(address, 43567) # trace/server.1.log:120
     219    5 x86_64 brk(NULL) # trace/server.1.log:93
     219    5 x86_64 rt_sigaction(SIGHUP, address, address, 8) # trace/server.1.log:86
     219    5 x86_64 rt_sigaction(SIGINT, address, address, 8) # trace/server.1.log:85
     219    5 x86_64 rt_sigaction(SIGPIPE, address, address, 8) # trace/server.1.log:131
     219    5 x86_64 rt_sigaction(SIGTERM, address, address, 8) # trace/server.1.log:84
     219    5 x86_64 rt_sigaction(SIGCHLD, address, address, 8) # trace/server.1.log:83
     219    5 x86_64 rt_sigprocmask(SIG_SETMASK, address, NULL, 8) # trace/server.1.log:87
      35    4 x86_64 rt_sigreturn() # trace/server.1.log:144
     438    5 x86_64 pread64(3, address, 784, 64) # trace/server.1.log:102
     219    5 x86_64 access(address, R_OK) # trace/server.1.log:95
     219    5 x86_64 dup2(3, 1) # trace/server.1.log:91
     219    5 x86_64 dup2(6, 0) # trace/server.1.log:90
     219    5 x86_64 clone(SIGCHLD|CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID, NULL, unknown, address, unknown) # trace/server.1.log:77
     219    5 x86_64 execve(address, address, address) # trace/server.1.log:92
     486    5 x86_64 wait4(unknown, address, WNOHANG, NULL) # trace/server.1.log:75
     219    5 x86_64 chdir(address) # trace/server.1.log:123
     219    5 x86_64 setuid(0) # trace/server.1.log:130
     219    5 x86_64 setuid(65534) # trace/server.1.log:126
     219    5 x86_64 setgid(65534) # trace/server.1.log:125
     219    5 x86_64 getgroups(0, NULL) # trace/server.1.log:129
     219    5 x86_64 setgroups(0, NULL) # trace/server.1.log:124
     219    5 x86_64 getresuid(address, address, address) # trace/server.1.log:127
     219    5 x86_64 getresgid(address, address, address) # trace/server.1.log:128
     219    5 x86_64 prctl(PR_SET_NO_NEW_PRIVS, 0x1, NULL, NULL, NULL) # trace/server.1.log:132
     219    5 x86_64 arch_prctl(ARCH_SET_FS, address) # trace/server.1.log:112
     219    5 x86_64 chroot(address) # trace/server.1.log:122
     219    5 x86_64 set_tid_address(address) # trace/server.1.log:113
       1    1 x86_64 restart_syscall() # trace/server.1.log:29753
     222    5 x86_64 exit_group(0) # trace/server.1.log:140
     438    5 x86_64 openat(AT_FDCWD, address, O_RDONLY|O_CLOEXEC, unknown) # trace/server.1.log:96
     438    5 x86_64 newfstatat(3, address, address, AT_EMPTY_PATH) # trace/server.1.log:97
     259    5 x86_64 ppoll(address, 1, NULL, address, 8) # trace/server.1.log:74
       7    3 x86_64 ppoll(address, 1, address, address, 8) # trace/server.1.log:29785
     438    5 x86_64 set_robust_list(address, 24) # trace/server.1.log:79
     224    5 x86_64 accept4(5, NULL, NULL, SOCK_NONBLOCK|SOCK_CLOEXEC) # trace/server.1.log:76
     219    5 x86_64 prlimit64(unknown, RLIMIT_STACK, NULL, address) # trace/server.1.log:119
     219    5 x86_64 seccomp(SECCOMP_SET_MODE_FILTER, 0, address) # trace/server.1.log:133
     219    5 x86_64 rseq(address, 32, 0, 0x53053053) # trace/server.1.log:115
     219    5 x86_64 close_range(3, -1, 0) # trace/server.1.log:121
