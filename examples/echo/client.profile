# strace2seccomp profile 1
# calls, runs, architecture, call, # where it was first seen
     195    3 x86_64 read(0, address, 16384) # trace/client.3.log:35
       1    1 x86_64 write(1, address, 5) # trace/client.5.log:39
       1    1 x86_64 write(1, address, 10) # trace/client.2.log:39
     192    1 x86_64 write(1, address, 16384) # trace/client.3.log:42
       1    1 x86_64 write(2, address, 40) # trace/client.6.log:38
       1    1 x86_64 write(2, address, 47) # trace/client.7.log:40
       1    1 x86_64 write(2, address, 54) # trace/client.5.log:40
       2    1 x86_64 poll(address, 2, 1000) # trace/client.6.log:34
     201    5 x86_64 poll(address, 2, 30000) # trace/client.2.log:34
     196    3 x86_64 poll(address, 2, -1) # trace/client.3.log:34
       2    2 x86_64 sendto(3, address, 5, MSG_DONTWAIT|MSG_NOSIGNAL, NULL, 0) # trace/client.5.log:35
       1    1 x86_64 sendto(3, address, 10, MSG_DONTWAIT|MSG_NOSIGNAL, NULL, 0) # trace/client.2.log:35
       1    1 x86_64 sendto(3, address, 5000, MSG_DONTWAIT|MSG_NOSIGNAL, NULL, 0) # trace/client.7.log:37
     192    1 x86_64 sendto(3, address, 16384, MSG_DONTWAIT|MSG_NOSIGNAL, NULL, 0) # trace/client.3.log:37
     198    5 x86_64 recvfrom(3, address, 16384, MSG_DONTWAIT, NULL, NULL) # trace/client.2.log:38
       5    5 x86_64 shutdown(3, SHUT_WR) # trace/client.2.log:36
       3    3 x86_64 exit_group(0) # trace/client.2.log:42
       3    3 x86_64 exit_group(1) # trace/client.5.log:41
