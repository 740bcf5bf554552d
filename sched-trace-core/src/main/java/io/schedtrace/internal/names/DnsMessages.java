package io.schedtrace.internal.names;

import io.schedtrace.hosts.HostSink;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Reads DNS messages. Only this class uses dnsjava. */
final class DnsMessages {
    private static final int MIN_LENGTH = 12;
    private static final int MAX_LENGTH = 65_535;
    private static final int FLAGS = 2;
    private static final int TRUNCATED = 2;
    private static final int MAX_ALIASES = 16;

    private DnsMessages() {}

    /**
     * Loads dnsjava.
     *
     * @throws LinkageError if dnsjava or a class that it needs is missing
     */
    static void probe() {
        new Message(0).getHeader().getRcode();
    }

    /** Reports the addresses that an answer has for the name in its question. Never throws. */
    static void read(byte[] answer, HostSink sink) {
        Message message = answer.length < MIN_LENGTH || answer.length > MAX_LENGTH ? null : message(answer);
        Record question = message == null ? null : message.getQuestion();
        if (message != null && question != null && asksForAddresses(question) && isAnswer(message)) {
            addresses(question, message.getSection(Section.ANSWER), sink);
        }
    }

    /**
     * Parses a message, which may end early: the TC flag makes dnsjava accept that. Returns null if it is malformed,
     * for which dnsjava throws unchecked exceptions too.
     */
    private static @Nullable Message message(byte[] bytes) {
        byte[] copy = bytes.clone();
        copy[FLAGS] |= TRUNCATED;
        try {
            return new Message(copy);
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static boolean asksForAddresses(Record question) {
        int type = question.getType();
        return question.getDClass() == DClass.IN && (type == Type.A || type == Type.AAAA || type == Type.ANY);
    }

    private static boolean isAnswer(Message message) {
        return message.getHeader().getFlag(Flags.QR)
                && message.getHeader().getOpcode() == Opcode.QUERY
                && message.getHeader().getRcode() == Rcode.NOERROR
                && message.getSection(Section.QUESTION).size() == 1;
    }

    private static void addresses(Record question, List<Record> answers, HostSink sink) {
        Set<Name> names = names(question.getName(), answers);
        String asked = question.getName().toString(true);
        for (Record answer : answers) {
            InetAddress address = answer.getDClass() == DClass.IN ? address(answer) : null;
            if (address != null && names.contains(answer.getName())) {
                sink.fact(asked, address);
            }
        }
    }

    /** Returns the name that was asked for and all names that it is an alias of. */
    private static Set<Name> names(Name asked, List<Record> answers) {
        Set<Name> names = new HashSet<>();
        Name name = asked;
        while (name != null && names.size() <= MAX_ALIASES && names.add(name)) {
            name = target(name, answers);
        }
        return names;
    }

    private static @Nullable Name target(Name alias, List<Record> answers) {
        for (Record answer : answers) {
            if (answer instanceof CNAMERecord cname && cname.getName().equals(alias)) {
                return cname.getTarget();
            }
        }
        return null;
    }

    private static @Nullable InetAddress address(Record answer) {
        try {
            if (answer instanceof ARecord a) {
                return InetAddress.getByAddress(a.getAddress().getAddress());
            }
            return answer instanceof AAAARecord aaaa
                    ? InetAddress.getByAddress(aaaa.getAddress().getAddress())
                    : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }
}
