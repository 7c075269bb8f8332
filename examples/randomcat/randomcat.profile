# strace2seccomp profile 1
# calls, runs, architecture, call, # where it was first seen
      46    1 x86_64 read(6, address, 198) # trace/randomcat.1:86
      66    1 x86_64 read(6, address, 202) # trace/randomcat.1:135
      46    1 x86_64 read(6, address, 217) # trace/randomcat.1:402
      57    1 x86_64 read(6, address, 336) # trace/randomcat.1:349
    1206    1 x86_64 read(6, address, 16384) # trace/randomcat.2:224
    1304    2 x86_64 read(7, address, 4096) # trace/randomcat.1:93
       1    1 x86_64 read(7, address, 16239) # trace/randomcat.1:5335
       1    1 x86_64 read(7, address, 16245) # trace/randomcat.1:5319
       1    1 x86_64 read(7, address, 16251) # trace/randomcat.1:5311
       1    1 x86_64 read(7, address, 16257) # trace/randomcat.1:5303
       1    1 x86_64 read(7, address, 16263) # trace/randomcat.1:5294
       1    1 x86_64 read(7, address, 16269) # trace/randomcat.1:5288
       1    1 x86_64 read(7, address, 16275) # trace/randomcat.1:5280
       1    1 x86_64 read(7, address, 16281) # trace/randomcat.1:5272
       1    1 x86_64 read(7, address, 16287) # trace/randomcat.1:5264
       1    1 x86_64 read(7, address, 16293) # trace/randomcat.1:5256
       1    1 x86_64 read(7, address, 16299) # trace/randomcat.1:5248
       1    1 x86_64 read(7, address, 16305) # trace/randomcat.1:5242
       1    1 x86_64 read(7, address, 16311) # trace/randomcat.1:5234
       1    1 x86_64 read(7, address, 16317) # trace/randomcat.1:5226
       1    1 x86_64 read(7, address, 16323) # trace/randomcat.1:5218
       1    1 x86_64 read(7, address, 16329) # trace/randomcat.1:5213
       1    1 x86_64 read(7, address, 16335) # trace/randomcat.1:5204
       1    1 x86_64 read(7, address, 16341) # trace/randomcat.1:5197
       2    1 x86_64 read(7, address, 16342) # trace/randomcat.1:662
       1    1 x86_64 read(7, address, 16347) # trace/randomcat.1:5189
       1    1 x86_64 read(7, address, 16349) # trace/randomcat.1:660
       1    1 x86_64 read(7, address, 16353) # trace/randomcat.1:5184
       1    1 x86_64 read(7, address, 16356) # trace/randomcat.1:658
       1    1 x86_64 read(7, address, 16359) # trace/randomcat.1:5171
       1    1 x86_64 read(7, address, 16363) # trace/randomcat.1:656
       1    1 x86_64 read(7, address, 16364) # trace/randomcat.1:4961
       1    1 x86_64 read(7, address, 16370) # trace/randomcat.1:654
       1    1 x86_64 read(7, address, 16374) # trace/randomcat.1:19088
       1    1 x86_64 read(7, address, 16377) # trace/randomcat.1:652
       1    1 x86_64 read(7, address, 16383) # trace/randomcat.1:810
     273    2 x86_64 read(7, address, 16384) # trace/randomcat.1:77
      11    1 x86_64 write(7, address, 14) # trace/randomcat.1:1713
      20    1 x86_64 write(7, address, 16) # trace/randomcat.1:814
       2    1 x86_64 write(7, address, 17) # trace/randomcat.1:2449
       2    1 x86_64 write(7, address, 20) # trace/randomcat.1:5328
       7    1 x86_64 write(7, address, 23) # trace/randomcat.1:2221
       3    1 x86_64 write(7, address, 26) # trace/randomcat.2:86
       2    1 x86_64 write(7, address, 31) # trace/randomcat.1:2713
       2    1 x86_64 write(7, address, 36) # trace/randomcat.1:2571
     217    1 x86_64 write(7, address, 179) # trace/randomcat.1:85
       3    1 x86_64 write(7, address, 184) # trace/randomcat.2:223
      12    1 x86_64 write(7, address, 186) # trace/randomcat.1:768
      20    1 x86_64 write(7, address, 188) # trace/randomcat.1:812
       2    1 x86_64 write(7, address, 189) # trace/randomcat.1:2447
       2    1 x86_64 write(7, address, 192) # trace/randomcat.1:5326
      49    2 x86_64 write(7, address, 198) # trace/randomcat.1:88
      66    1 x86_64 write(7, address, 202) # trace/randomcat.1:137
       2    1 x86_64 write(7, address, 203) # trace/randomcat.1:2711
       2    1 x86_64 write(7, address, 208) # trace/randomcat.1:2562
       7    1 x86_64 write(7, address, 213) # trace/randomcat.1:2219
      46    1 x86_64 write(7, address, 217) # trace/randomcat.1:404
      57    1 x86_64 write(7, address, 336) # trace/randomcat.1:351
    1205    1 x86_64 write(7, address, 16384) # trace/randomcat.2:226
     223    2 x86_64 close(5) # trace/randomcat.1:82
     221    2 x86_64 close(6) # trace/randomcat.1:89
       8    2 x86_64 poll(address, 2, 0) # trace/randomcat.1:5067
       5    1 x86_64 poll(address, 2, 250) # trace/randomcat.1:5307
       5    1 x86_64 poll(address, 2, 500) # trace/randomcat.1:5291
       5    1 x86_64 poll(address, 2, 750) # trace/randomcat.1:5268
       5    1 x86_64 poll(address, 2, 1000) # trace/randomcat.1:5252
       5    1 x86_64 poll(address, 2, 1250) # trace/randomcat.1:5230
       5    1 x86_64 poll(address, 2, 1500) # trace/randomcat.1:5212
       5    1 x86_64 poll(address, 2, 1750) # trace/randomcat.1:5193
    3319    2 x86_64 poll(address, 2, 2000) # trace/randomcat.1:76
       1    1 x86_64 poll(address, 2, 60000) # trace/randomcat.3:73
     270    2 x86_64 shutdown(7, SHUT_WR) # trace/randomcat.1:90
     446    2 x86_64 getdents64(5, address, 8192) # trace/randomcat.1:79
       1    1 x86_64 restart_syscall() # trace/randomcat.1:19083
     274    3 x86_64 exit_group(0) # trace/randomcat.1:94
     223    2 x86_64 openat(3, address, O_RDONLY|O_DIRECTORY|O_CLOEXEC, unknown) # trace/randomcat.1:78
     222    2 x86_64 openat(5, address, O_RDONLY|O_NONBLOCK|O_NOFOLLOW|O_CLOEXEC, unknown) # trace/randomcat.1:81
     221    2 x86_64 newfstatat(6, address, address, AT_EMPTY_PATH) # trace/randomcat.1:83
