# strace2seccomp profile 1
# calls, runs, architecture, call, # where it was first seen
      59    1 x86_64 read(6, address, 198) # trace/randomcat.1:288
      60    1 x86_64 read(6, address, 202) # trace/randomcat.1:234
      48    1 x86_64 read(6, address, 217) # trace/randomcat.1:83
      46    1 x86_64 read(6, address, 336) # trace/randomcat.1:178
    1202    1 x86_64 read(6, address, 16384) # trace/randomcat.2:224
    1297    2 x86_64 read(7, address, 4096) # trace/randomcat.1:89
       1    1 x86_64 read(7, address, 16263) # trace/randomcat.1:5187
       1    1 x86_64 read(7, address, 16269) # trace/randomcat.1:5180
       1    1 x86_64 read(7, address, 16275) # trace/randomcat.1:5173
       1    1 x86_64 read(7, address, 16281) # trace/randomcat.1:5166
       1    1 x86_64 read(7, address, 16287) # trace/randomcat.1:5158
       1    1 x86_64 read(7, address, 16293) # trace/randomcat.1:5153
       1    1 x86_64 read(7, address, 16299) # trace/randomcat.1:5144
       1    1 x86_64 read(7, address, 16305) # trace/randomcat.1:5138
       1    1 x86_64 read(7, address, 16311) # trace/randomcat.1:5130
       1    1 x86_64 read(7, address, 16317) # trace/randomcat.1:5123
       1    1 x86_64 read(7, address, 16323) # trace/randomcat.1:5115
       1    1 x86_64 read(7, address, 16329) # trace/randomcat.1:5107
       1    1 x86_64 read(7, address, 16335) # trace/randomcat.1:5099
       1    1 x86_64 read(7, address, 16341) # trace/randomcat.1:5091
       2    1 x86_64 read(7, address, 16342) # trace/randomcat.1:555
       1    1 x86_64 read(7, address, 16347) # trace/randomcat.1:5083
       1    1 x86_64 read(7, address, 16349) # trace/randomcat.1:553
       1    1 x86_64 read(7, address, 16353) # trace/randomcat.1:5075
       1    1 x86_64 read(7, address, 16356) # trace/randomcat.1:551
       1    1 x86_64 read(7, address, 16363) # trace/randomcat.1:549
       1    1 x86_64 read(7, address, 16364) # trace/randomcat.1:4873
       1    1 x86_64 read(7, address, 16370) # trace/randomcat.1:547
       1    1 x86_64 read(7, address, 16374) # trace/randomcat.1:19039
       1    1 x86_64 read(7, address, 16377) # trace/randomcat.1:545
       1    1 x86_64 read(7, address, 16383) # trace/randomcat.1:708
     271    2 x86_64 read(7, address, 16384) # trace/randomcat.1:74
      11    1 x86_64 write(7, address, 14) # trace/randomcat.1:1614
      20    1 x86_64 write(7, address, 16) # trace/randomcat.1:712
       2    1 x86_64 write(7, address, 17) # trace/randomcat.1:2340
       2    1 x86_64 write(7, address, 20) # trace/randomcat.1:5196
       7    1 x86_64 write(7, address, 23) # trace/randomcat.1:2113
       3    1 x86_64 write(7, address, 26) # trace/randomcat.2:84
       2    1 x86_64 write(7, address, 31) # trace/randomcat.1:2602
       2    1 x86_64 write(7, address, 36) # trace/randomcat.1:2459
     215    1 x86_64 write(7, address, 179) # trace/randomcat.1:82
       3    1 x86_64 write(7, address, 184) # trace/randomcat.2:223
      12    1 x86_64 write(7, address, 186) # trace/randomcat.1:663
      20    1 x86_64 write(7, address, 188) # trace/randomcat.1:710
       2    1 x86_64 write(7, address, 189) # trace/randomcat.1:2338
       2    1 x86_64 write(7, address, 192) # trace/randomcat.1:5194
      62    2 x86_64 write(7, address, 198) # trace/randomcat.1:290
      60    1 x86_64 write(7, address, 202) # trace/randomcat.1:236
       2    1 x86_64 write(7, address, 203) # trace/randomcat.1:2600
       2    1 x86_64 write(7, address, 208) # trace/randomcat.1:2450
       7    1 x86_64 write(7, address, 213) # trace/randomcat.1:2111
      48    1 x86_64 write(7, address, 217) # trace/randomcat.1:85
      46    1 x86_64 write(7, address, 336) # trace/randomcat.1:180
    1201    1 x86_64 write(7, address, 16384) # trace/randomcat.2:226
     221    2 x86_64 close(5) # trace/randomcat.1:79
     219    2 x86_64 close(6) # trace/randomcat.1:86
       8    2 x86_64 poll(address, 2, 0) # trace/randomcat.1:4970
       4    1 x86_64 poll(address, 2, 500) # trace/randomcat.1:5181
       4    1 x86_64 poll(address, 2, 750) # trace/randomcat.1:5167
       6    1 x86_64 poll(address, 2, 1000) # trace/randomcat.1:5148
       4    1 x86_64 poll(address, 2, 1250) # trace/randomcat.1:5132
      45    2 x86_64 poll(address, 2, 1500) # trace/randomcat.1:5109
      28    2 x86_64 poll(address, 2, 1750) # trace/randomcat.1:5093
    3244    2 x86_64 poll(address, 2, 2000) # trace/randomcat.1:73
     268    2 x86_64 shutdown(7, SHUT_WR) # trace/randomcat.1:87
     442    2 x86_64 getdents64(5, address, 8192) # trace/randomcat.1:76
       1    1 x86_64 restart_syscall() # trace/randomcat.1:19035
     272    2 x86_64 exit_group(0) # trace/randomcat.1:90
     221    2 x86_64 openat(3, address, O_RDONLY|O_DIRECTORY|O_CLOEXEC, unknown) # trace/randomcat.1:75
     220    2 x86_64 openat(5, address, O_RDONLY|O_NONBLOCK|O_NOFOLLOW|O_CLOEXEC, unknown) # trace/randomcat.1:78
     219    2 x86_64 newfstatat(6, address, address, AT_EMPTY_PATH) # trace/randomcat.1:80
