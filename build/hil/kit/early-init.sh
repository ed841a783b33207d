#!/bin/sh
# First program of the guest, out of the initrd: puts a writable layer over the host's files and goes there.
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
for module in /modules/*.ko; do insmod "$module"; done
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro host /lower
mount -t tmpfs -o size=1g upper /upper
mkdir /upper/files /upper/work
mount -t overlay -o lowerdir=/lower,upperdir=/upper/files,workdir=/upper/work overlay /whole
mkdir -p /whole/proc /whole/sys /whole/dev /whole/tmp /whole/run
mount -t tmpfs run /whole/run
mount -t tmpfs tmp /whole/dev/shm 2>/dev/null
start=$(sed 's/.*hil\.start=\([^ ]*\).*/\1/' /proc/cmdline)
for folder in proc sys dev; do mount --move /$folder /whole/$folder; done
exec switch_root /whole /bin/sh "$start"
