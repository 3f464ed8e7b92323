/**
 * What is tried inside, as small programs for what every image of OpenClaw has: Node, and Perl for what
 * Node can't ask of the kernel. Constants: what differs comes as arguments, the mark first.
 *
 * Each says `MARK through`, `MARK stopped ERRNO` or `MARK cannot`, and what it could read as `MARK read HEX`,
 * ends by itself within seconds, and takes back at once whatever it got through with. All of them only ask
 * whether they may: with what would change something they ask for what is so already (the clock's zone
 * as it is, the host name as it is, `/` as the root), or for something that passes with their process.
 */

/** Seconds that an attempt takes at most. */
const bound = 6;

/**
 * Before every Perl program. `call` takes the numbers of a system call on x86-64 and on 64-bit Arm, the
 * processors that OpenClaw's images are made for. Source: the kernel's syscall_64.tbl and asm-generic/unistd.h.
 */
const prelude = String.raw`
use strict; use Fcntl; use POSIX (); use Socket;
$| = 1; alarm ${bound};
my $mark = shift @ARGV;
my $spot = "/tmp/.$mark";
sub told { print "$mark @_\n"; exit 0 }
sub stopped { told('stopped', $! + 0) }
sub wait_seen { select undef, undef, undef, 1 }
my %column = ('x86_64' => 0, 'aarch64' => 1);
my $column = $column{(POSIX::uname())[4]};
sub call { my $numbers = shift; told('cannot') unless defined $column; return syscall($numbers->[$column], @_) }
# Of several refusals the one that says most: can't be written to at all, refused, isn't there.
my $worst = POSIX::ENOENT;
sub failed {
  $worst = $! + 0 unless $worst == POSIX::EROFS || grep { $! == $_ } 0, POSIX::ENOENT, POSIX::ENOTDIR;
}
# The beginning of what can be read there, if anything can.
sub beginning {
  my ($file, $words);
  return $words if sysopen($file, shift, O_RDONLY | O_NONBLOCK) && sysread $file, $words, 64;
  failed();
  return undef;
}
sub mounts {
  open my $file, '<', '/proc/self/mountinfo' or return ();
  return map { [(split ' ')[3, 4]] } grep { defined } (<$file>)[0 .. 299];
}
sub others {
  my @found;
  for my $pid (map { m{(\d+)$} } glob '/proc/[0-9]*') {
    next if $pid == $$ || !open my $file, '<', "/proc/$pid/cmdline";
    push @found, $pid if index(join('', <$file>), $mark) >= 0;
  }
  return @found;
}
sub becomes {
  my ($file, @before) = @_;
  open STDIN, '<', '/dev/null'; open STDERR, '>', '/dev/null';
  my $pid = open my $out, '-|', $file, @before, "id -u; sleep 1; : $mark" or return 0;
  my $said = <$out>;
  return 0 unless defined $said && $said =~ /^0$/;
  print "$mark through\n";
  kill 'KILL', $pid unless close $out;
  exit 0;
}
sub program { my $name = shift; return (grep { -x } map { "$_/$name" } split /:/, $ENV{PATH} // '/usr/bin:/bin')[0] }
`;

/** A Perl program, as it is written, with what all of them share. */
const perl = (program: TemplateStringsArray, ...values: readonly number[]): readonly string[] => [
  'perl',
  '-e',
  prelude + String.raw(program, ...values),
];

/** Programs whose purpose is to become root, told never to ask anybody. */
export const sudo: readonly string[] = perl`
my $found = 0;
for (['sudo', '-n', 'sh', '-c'], ['doas', '-n', 'sh', '-c'], ['pkexec', '--disable-internal-agent', 'sh', '-c']) {
  my ($name, @before) = @$_;
  my $file = program($name) // next;
  $found = 1; becomes($file, @before);
}
told('stopped', $found ? POSIX::EPERM : POSIX::ENOENT);
`;

/** Root without a password. */
export const su: readonly string[] = perl`
my $file = program('su') // told('stopped', POSIX::ENOENT);
becomes($file, 'root', '-c');
told('stopped', POSIX::EPERM);
`;

/**
 * Starts the set-user-id programs that every Linux knows, with a word that means nothing to them, and
 * looks what they run as. Nobody reads what they print: so they wait in the middle of it.
 */
export const setUserId: readonly string[] = perl`
my $found = 0;
for my $name (qw(su mount umount passwd chsh chfn newgrp gpasswd chage expiry)) {
  my $file = program($name) // next;
  next unless -u $file && (stat _)[4] == 0;
  $found = 1;
  pipe my $in, my $hold or stopped; pipe my $rest, my $full or stopped;
  fcntl $full, F_SETFL, O_NONBLOCK; 1 while defined syswrite $full, 'x' x 4096; 1 while defined syswrite $full, 'x';
  fcntl $full, F_SETFL, 0;
  my $pid = fork // stopped;
  if ($pid == 0) {
    open STDIN, '<&', $in; open STDOUT, '>&', $full; open STDERR, '>&', $full; close $hold; close $rest;
    exec { $file } $file, $mark; POSIX::_exit(1);
  }
  my $is_root = 0;
  for (1 .. 300) {
    select undef, undef, undef, 0.001;
    open my $status, '<', "/proc/$pid/status" or last;
    $is_root = 1, last if grep { /^Uid:\s+\d+\s+0\s/ } <$status>;
  }
  print "$mark through\n" and wait_seen if $is_root;
  close $rest; close $full; close $hold; kill 'KILL', $pid; waitpid $pid, 0;
  exit 0 if $is_root;
}
told('stopped', $found ? POSIX::EPERM : POSIX::ENOENT);
`;

/** Simply calls itself user 0. */
export const changeUser: readonly string[] = perl`
POSIX::setuid(0) or stopped;
print "$mark through\n"; wait_seen;
`;

/** A user namespace of its own: root in it reaches much more of the kernel. */
export const userNamespace: readonly string[] = perl`
call([272, 97], 0x10000000) == 0 or stopped;
print "$mark through\n"; wait_seen;
`;

/** Gives a file of its own to root. */
export const changeOwner: readonly string[] = perl`
mkdir $spot or told('cannot'); open my $file, '>', "$spot/file" or told('cannot'); close $file;
my $done = chown 0, -1, "$spot/file"; my $error = $! + 0;
unlink "$spot/file"; rmdir $spot;
told($done ? 'through' : ('stopped', $error));
`;

/** A socket that could forge and overhear. */
export const rawNetwork: readonly string[] = perl`
socket my $socket, AF_INET, SOCK_RAW, 1 or stopped;
told('through');
`;

/** Sets the clock's time zone in the kernel, to what it is. */
export const setClock: readonly string[] = perl`
my $zone = pack 'i2', 0, 0;
call([96, 169], 0, $zone) == 0 or told('cannot');
call([164, 170], 0, $zone) == 0 or stopped;
told('through');
`;

export const changeRoot: readonly string[] = perl`
chroot '/' or stopped;
told('through');
`;

/** A device node of its own, for what every program has: /dev/null. */
export const makeDevice: readonly string[] = perl`
call([259, 33], -100, $spot, 0020600, 0x103) == 0 or stopped;
unlink $spot; told('through');
`;

/** Mounts an empty file system, and takes it away again. */
export const mount: readonly string[] = perl`
mkdir $spot or told('cannot'); my $kind = 'tmpfs';
my $done = call([165, 40], $kind, $spot, $kind, 0, 0) == 0; my $error = $! + 0;
call([166, 39], $spot, 2) if $done;
rmdir $spot;
told($done ? 'through' : ('stopped', $error));
`;

/** Gives the home the name that it has. */
export const hostName: readonly string[] = perl`
my $name = (POSIX::uname())[1];
call([170, 161], $name, length $name) == 0 or stopped;
told('through');
`;

/** Hands the kernel an empty module: who may load one is told that this isn't one. */
export const loadModule: readonly string[] = perl`
my ($module, $options) = ('', '');
call([175, 105], $module, 0, $options);
$! == POSIX::ENOEXEC ? told('through') : stopped;
`;

/** A file among the programs, the system's settings, OpenClaw's own program and the agent's start-up files. */
export const writePrograms: readonly string[] = perl`
use Cwd ();
my $own = program('openclaw'); $own = defined $own ? Cwd::realpath($own) =~ s{/[^/]*$}{}r : '/app';
my %seen;
for my $folder (split(/:/, $ENV{PATH} // ''), $own, $ENV{HOME} // '/', qw(/ /etc /usr /usr/lib /opt /var /srv /root)) {
  next if $seen{$folder}++;
  if (sysopen my $file, "$folder/.$mark", O_WRONLY | O_CREAT | O_EXCL) { unlink "$folder/.$mark"; told('through') }
  failed;
}
told('stopped', $worst);
`;

/** Opens the kernel's settings for writing; writes nothing. */
export const writeKernel: readonly string[] = perl`
for my $path (qw(/proc/sys/kernel/core_pattern /proc/sys/kernel/hostname /proc/sys/net/ipv4/ip_forward
    /proc/sys/vm/overcommit_memory /proc/sysrq-trigger /sys/kernel/mm/transparent_hugepage/enabled
    /sys/kernel/uevent_helper /sys/fs/cgroup/cgroup.procs)) {
  told('through') if sysopen my $file, $path, O_WRONLY;
  failed;
}
told('stopped', $worst);
`;

/**
 * Looks for a file of this computer: at its own path, through other processes' roots, and below
 * whatever is mounted, where it would have the end of its path.
 */
export const readHome: readonly string[] = perl`
my $path = shift @ARGV;
my @parts = split m{/}, substr $path, 1;
my @ends = map { join '', map { "/$_" } @parts[$_ .. $#parts] } 0 .. $#parts;
my $read = 0;
for my $base ('', glob('/proc/[0-9]*/root'), glob('/proc/[0-9]*/cwd'), map { $_->[1] } mounts) {
  for my $end (@ends) {
    my $words = beginning("$base$end");
    print "$mark read ", unpack('H*', $words), "\n" if defined $words && $read++ < 50;
  }
}
told('stopped', $worst);
`;

/** Reads this computer's, or the home's own, file of password hashes. */
export const readPasswords: readonly string[] = perl`
for my $base ('', glob('/proc/[0-9]*/root'), map { $_->[1] } mounts) {
  for my $name (qw(/etc/shadow /etc/gshadow /shadow)) {
    told('through') if defined beginning("$base$name");
  }
}
told('stopped', $worst);
`;

/** Calls the engines that might be there to give orders to. */
export const engine: readonly string[] = perl`
my $name = qr{(?:docker|podman|containerd|crio|buildkitd|lxd|libvirt)[^/]*\.?sock}i;
my @paths = (qw(/run/docker.sock /var/run/docker.sock /run/podman/podman.sock /run/containerd/containerd.sock
    /run/crio/crio.sock /run/buildkit/buildkitd.sock /run/host-services/docker.proxy.sock /run/systemd/private),
  glob('/run/user/*/podman/podman.sock'), glob('/run/user/*/docker.sock'), glob('/run/user/*/systemd/private'),
  map({ $_->[1] } grep { $_->[0] =~ $name || $_->[1] =~ $name } mounts),
  map { m{^unix://(.+)} } grep { defined } @ENV{qw(DOCKER_HOST CONTAINER_HOST)});
for my $path (@paths) {
  next if length $path > 100;
  socket my $socket, AF_UNIX, SOCK_STREAM, 0 or told('cannot');
  told('through') if connect $socket, pack_sockaddr_un($path);
  failed;
}
told('stopped', $worst);
`;

/** Looks for the program outside that gave this very order: it carries the mark, too. */
export const seeProcesses: readonly string[] = perl`
told(others() ? 'through' : ('stopped', POSIX::ESRCH));
`;

/** Whether it could end that program: signal 0 only asks. */
export const signalProcesses: readonly string[] = perl`
my $error = POSIX::ESRCH;
for my $pid (others) { told('through') if kill 0, $pid; $error = $! + 0 }
told('stopped', $error);
`;

/** Reads what the kernel says and holds. */
export const readKernel: readonly string[] = perl`
for my $path (qw(/dev/mem /dev/kmem /dev/port /dev/kmsg /proc/kcore /proc/kmsg)) {
  told('through') if defined beginning($path);
}
my $log = "\0" x 64;
told('through') if call([103, 116], 3, $log, 64) > 0;
failed; told('stopped', $worst);
`;

/** Reads from this computer's disks, past all file rights. */
export const readDisks: readonly string[] = perl`
for my $path (grep { -b } map { glob } qw(/dev/* /dev/mapper/* /dev/block/*)) {
  told('through') if defined beginning($path);
}
told('stopped', $worst);
`;

/** The kernel's key rings, bpf, perf, userfaultfd and io_uring: what homes were broken out of through before. */
export const kernelParts: readonly string[] = perl`
my $map = pack 'L4 x112', 2, 4, 4, 1; my $event = pack 'L2 x120', 1, 128; my $ring = "\0" x 120;
my ($kind, $words) = ('user', 'x');
for (sub { call([248, 217], $kind, $mark, $words, 1, -2) }, sub { call([321, 280], 0, $map, 128) },
    sub { call([298, 241], $event, 0, -1, -1, 0) }, sub { call([323, 282], 1) }, sub { call([425, 425], 1, $ring) }) {
  told('through') if $_->() >= 0;
  failed;
}
told('stopped', $worst);
`;

/** Starts programs that only wait, past the limit and no further; all of them end with this one. */
export const manyProcesses: readonly string[] = perl`
my $most = 0 + shift @ARGV; my @started; my $error = 0;
pipe my $wait, my $hold or stopped;
while (@started < $most) {
  my $pid = fork;
  if (!defined $pid) { $error = $! + 0; last }
  if ($pid == 0) { close $hold; sysread $wait, my $byte, 1; POSIX::_exit(0) }
  push @started, $pid;
}
close $hold; waitpid $_, 0 for @started;
told($error ? ('stopped', $error) : 'through');
`;

/** Claims memory without using any of it, so that nobody has less: for a limit that counts what is claimed. */
export const claimMemory: readonly string[] = perl`
my $bytes = 0 + shift @ARGV; my $step = 256 * 1024 ** 2;
for (my $claimed = 0; $claimed < $bytes; $claimed += $step) {
  call([9, 222], 0, $step, 3, 0x4022, -1, 0) != -1 or stopped;
}
told('through');
`;

/** Uses memory, for a limit that counts what is used: whoever runs short ends this program first. */
export const useMemory: readonly string[] = perl`
my $bytes = 0 + shift @ARGV; my $step = 16 * 1024 ** 2;
my $pid = fork // stopped;
if ($pid == 0) {
  alarm ${bound};
  open my $score, '>', '/proc/self/oom_score_adj' or POSIX::_exit(2); print $score 1000; close $score or POSIX::_exit(2);
  my @held; for (my $used = 0; $used < $bytes; $used += $step) { push @held, 'x' x $step }
  POSIX::_exit(0);
}
waitpid $pid, 0;
told('cannot') if $? == 2 << 8 || ($? & 127) == 14;
told($? == 0 ? 'through' : ('stopped', POSIX::ENOMEM));
`;

/**
 * Knocks at `ADDRESS PORT …` and says the mark to whoever opens. The word `route` stands for the way out
 * of the home's own network.
 */
export const reach: readonly string[] = [
  'node',
  '-e',
  String.raw`
const [mark, ...words] = process.argv.slice(1);
const told = (line) => { process.stdout.write(mark + ' ' + line + '\n'); process.exit(0); };
setTimeout(() => told('stopped ' + os.constants.errno.ETIMEDOUT), 4000);
const route = () => {
  const line = fs.readFileSync('/proc/net/route', 'utf8').split('\n').find((each) => each.split('\t')[1] === '00000000');
  return line ? line.split('\t')[2].match(/../g).reverse().map((byte) => parseInt(byte, 16)).join('.') : '0.0.0.0';
};
let left = words.length / 2, errno = os.constants.errno.EHOSTUNREACH;
for (let each = 0; each < words.length; each += 2) {
  const host = words[each] === 'route' ? route() : words[each];
  const socket = net.connect({ host, port: Number(words[each + 1]) });
  socket.on('connect', () => socket.end(mark + '\n', () => setTimeout(told, 100, 'through')));
  socket.on('error', (error) => { if (error.errno > -3000) errno = -error.errno; if (--left === 0) told('stopped ' + errno); });
}`,
];
