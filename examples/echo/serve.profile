# strace2seccomp profile 1
# calls, runs, architecture, call, # where it was first seen
    1012    2 x86_64 read(0, address, 16384) # trace/serve.1.log:132
      41    2 x86_64 write(0, address, 1) # trace/serve.1.log:1181
       1    1 x86_64 write(0, address, 4) # trace/serve.1.log:1381
       2    1 x86_64 write(0, address, 5) # trace/serve.1.log:1108
       3    1 x86_64 write(0, address, 7) # trace/serve.1.log:2642
       1    1 x86_64 write(0, address, 10) # trace/serve.1.log:134
       1    1 x86_64 write(0, address, 11) # trace/serve.1.log:1251
     200    1 x86_64 write(0, address, 2400) # trace/serve.1.log:4645
       2    1 x86_64 write(0, address, 5312) # trace/serve.1.log:1601
      25    1 x86_64 write(0, address, 13312) # trace/serve.1.log:1629
     525    1 x86_64 write(0, address, 16384) # trace/serve.1.log:204
       4    1 x86_64 poll(address, 2, 0) # trace/serve.1.log:3461
       4    1 x86_64 poll(address, 2, 250) # trace/serve.1.log:3591
       6    1 x86_64 poll(address, 2, 500) # trace/serve.1.log:3579
       4    1 x86_64 poll(address, 2, 750) # trace/serve.1.log:3571
       4    1 x86_64 poll(address, 2, 1000) # trace/serve.1.log:3563
       6    1 x86_64 poll(address, 2, 1250) # trace/serve.1.log:3551
       4    1 x86_64 poll(address, 2, 1500) # trace/serve.1.log:3543
       6    1 x86_64 poll(address, 2, 1750) # trace/serve.1.log:3531
    1782    2 x86_64 poll(address, 2, 2000) # trace/serve.1.log:131
       1    1 x86_64 restart_syscall() # trace/serve.1.log:29348
     216    2 x86_64 exit_group(0) # trace/serve.1.log:137
