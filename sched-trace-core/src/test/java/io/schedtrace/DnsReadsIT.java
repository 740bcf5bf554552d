package io.schedtrace;

import static io.schedtrace.lab.NamesLab.WEB;
import static io.schedtrace.lab.NamesOfConnections.peerHosts;
import static io.schedtrace.lab.NamesOfConnections.trace;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.NamesLab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to read a DNS answer from a socket, and what is no answer. */
@KernelTest
class DnsReadsIT {
    /** What Python does before it reads, and then: it asks for v4.names.test. */
    private static final String SCRIPT = """
            import ctypes, os, socket, struct
            RESOLVER = ('127.0.0.53', 53)
            def query(name):
                labels = b''.join(bytes([len(label)]) + label.encode() for label in name.split('.'))
                return struct.pack('!6H', 4711, 0x100, 1, 0, 0, 0) + labels + b'\\0' + struct.pack('!2H', 1, 1)
            def framed(message):
                return struct.pack('!H', len(message)) + message
            QUERY = query('v4.names.test')
            ANSWER = bytes([QUERY[0], QUERY[1], 0x81, 0x80]) + struct.pack('!4H', 1, 1, 0, 0) + QUERY[12:] \\
                + b'\\xc0\\x0c' + struct.pack('!2HIH', 1, 1, 60, 4) + bytes([127, 0, 1, 1])
            def asked():
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                s.connect(RESOLVER)
                s.send(QUERY)
                return s
            def unconnected(family=socket.AF_INET, prefix=''):
                s = socket.socket(family, socket.SOCK_DGRAM)
                s.sendto(QUERY, (prefix + RESOLVER[0], 53))
                return s
            def tcp(queries=framed(QUERY), protocol=0):
                s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
                s.connect(RESOLVER)
                s.sendall(queries)
                return s
            def one(message):
                s = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
                s[0].send(message)
                return s[1]
            def to_myself(*messages, connect=False):
                a, b = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                a.bind(('127.0.0.1', 0))
                b.bind(('127.0.0.1', 0))
                if connect:
                    b.connect(a.getsockname())
                for message in messages:
                    a.sendto(message, b.getsockname())
                return b
            class Buffer(ctypes.Structure):
                _fields_ = [('at', ctypes.c_void_p), ('length', ctypes.c_size_t)]
            class Message(ctypes.Structure):
                _fields_ = [('name', ctypes.c_void_p), ('name_length', ctypes.c_size_t), ('buffers', ctypes.c_void_p),
                            ('count', ctypes.c_size_t), ('control', ctypes.c_void_p), ('control_length', ctypes.c_size_t),
                            ('flags', ctypes.c_int), ('length', ctypes.c_uint)]
            def with_message(call, s, count, flags, memory=b''):
                memory = ctypes.create_string_buffer(memory, 4096)
                buffer = Buffer(ctypes.addressof(memory), 4096)
                message = Message(0, 0, ctypes.addressof(buffer), count, 0, 0, 0, 0)
                return call(s.fileno(), ctypes.byref(message), flags)
            def recvmmsg(*arguments):
                return ctypes.CDLL(None).recvmmsg(arguments[0], arguments[1], 1, arguments[2], None)
            %s
            socket.create_connection(('127.0.1.1', WEB)).close()
            """.replace("WEB", "" + WEB);

    @TempDir
    private static Path directory;

    private static NamesLab lab;

    @BeforeAll
    static void open() throws IOException {
        lab = new NamesLab(directory, "127.0.1.1 v4.names.test\n127.0.1.2 o.names.test\n");
    }

    @AfterAll
    static void close() throws IOException {
        lab.close();
    }

    private static List<String> names(String reading) throws Exception {
        return peerHosts(
                trace(NamesLab.listening(), lab.inside("/usr/bin/python3", "-c", SCRIPT.formatted(reading))), WEB);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "asked().recv(4096)",
                "asked().recv(len(ANSWER))",
                "asked().recvfrom(4096)",
                "asked().recvmsg(4096)",
                "s = asked(); os.read(s.fileno(), 4096)",
                "s = asked(); os.readv(s.fileno(), [bytearray(4096)])",
                "assert with_message(recvmmsg, asked(), 1, 0) == 1",
                "unconnected().recvfrom(4096)",
                "unconnected().recvmsg_into([bytearray(4096)])",
                "unconnected(socket.AF_INET6, '::ffff:').recvfrom(4096)",
                "s = asked(); s.recv(4096, socket.MSG_PEEK); s.recv(4096)",
                "s = asked(); s.recvmsg_into([bytearray(0), bytearray(4096)])",
                "s = asked(); os.preadv(s.fileno(), [bytearray(4096)], -1, os.RWF_HIPRI)",
                "s = asked(); s.recv(4096, socket.MSG_TRUNC)",
                "s = to_myself(*15 * [QUERY]); [s.recv(99) for _ in range(15)]; s.sendto(QUERY, RESOLVER); s.recv(4096)",
                "s = to_myself(*99 * [QUERY]); [s.recv(99) for _ in range(99)]; unconnected().recv(4096)",
            })
    @Tag("kernels")
    void areSeen(String reading) throws Exception {
        assertThat(names(reading)).containsExactly("v4.names.test (dns)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s = tcp(); s.recv(2, socket.MSG_WAITALL); s.recv(4096)",
                "s = tcp(); s.recv(4096)",
                "s = tcp(); s.recvmsg(4096)",
                "s = tcp(); s.recvmsg_into([bytearray(2), bytearray(4096)])",
                "s = tcp(framed(query('o.names.test')) + framed(QUERY)); s.recv(48 + 49, socket.MSG_WAITALL)",
                "s = tcp(protocol=262); s.recv(4096)",
            })
    void areSeenOverTcp(String reading) throws Exception {
        assertThat(names(reading)).containsExactly("v4.names.test (dns)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "one(ANSWER).recv(4096)",
                "to_myself(ANSWER, connect=True).recv(4096)",
                "to_myself(QUERY).recv(4096)",
                "asked()",
                "asked().recv(4096, socket.MSG_PEEK)",
                "assert with_message(ctypes.CDLL(None).recvmsg, to_myself(b'x' * 64), 0, 0x20, ANSWER) == 64",
                "s = tcp(); s.recv_into(bytearray(framed(ANSWER)), 49, socket.MSG_TRUNC | socket.MSG_WAITALL)",
            })
    @Tag("kernels")
    void ofWhatIsNoAnswerAreNot(String reading) throws Exception {
        assertThat(names(reading)).isEmpty();
    }

    /** An answer has 47 bytes, of which the last four are the address. Before Linux 6.3 the whole packet counts. */
    @ParameterizedTest
    @ValueSource(ints = {1, 16, 17, 46})
    void areSeenNoFurtherThanTheyGo(int bytes) throws Exception {
        assertThat(names("asked().recv(%d)".formatted(bytes))).isEmpty();
    }
}
