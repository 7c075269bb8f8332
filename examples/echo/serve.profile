# strace2seccomp profile 1
# calls, runs, architecture, call, # where it was first seen
    1024    5 x86_64 read(0, address, 16384) # trace/serve.1.log:132
      48    5 x86_64 write(0, address, 1) # trace/serve.1.log:1178
       1    1 x86_64 write(0, address, 4) # trace/serve.1.log:1453
       2    1 x86_64 write(0, address, 5) # trace/serve.1.log:1108
       3    1 x86_64 write(0, address, 7) # trace/serve.1.log:2604
       1    1 x86_64 write(0, address, 10) # trace/serve.1.log:134
       1    1 x86_64 write(0, address, 11) # trace/serve.1.log:1248
     200    1 x86_64 write(0, address, 2400) # trace/serve.1.log:9264
       2    1 x86_64 write(0, address, 5312) # trace/serve.1.log:1574
      49    1 x86_64 write(0, address, 13312) # trace/serve.1.log:1602
     506    1 x86_64 write(0, address, 16384) # trace/serve.1.log:204
       4    1 x86_64 poll(address, 2, 0) # trace/serve.1.log:3463
       4    1 x86_64 poll(address, 2, 250) # trace/serve.1.log:3593
       6    1 x86_64 poll(address, 2, 500) # trace/serve.1.log:3581
       4    1 x86_64 poll(address, 2, 750) # trace/serve.1.log:3573
       6    1 x86_64 poll(address, 2, 1000) # trace/serve.1.log:3561
       4    1 x86_64 poll(address, 2, 1250) # trace/serve.1.log:3553
       6    1 x86_64 poll(address, 2, 1500) # trace/serve.1.log:3541
       4    1 x86_64 poll(address, 2, 1750) # trace/serve.1.log:3533
    1796    1 x86_64 poll(address, 2, 2000) # trace/serve.1.log:131
      12    4 x86_64 poll(address, 2, 5000) # trace/serve.10.log:133
       1    1 x86_64 restart_syscall() # trace/serve.1.log:29389
     218    5 x86_64 exit_group(0) # trace/serve.1.log:137
