package io.schedtrace.hosts;

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

/** Reads DNS messages. The only user of dnsjava. */
final class DnsMessages {
    private static final int MIN_LENGTH = 12;
    private static final int MAX_LENGTH = 65_535;
    private static final int MAX_ALIASES = 16;

    private DnsMessages() {}

    /** @throws LinkageError if dnsjava, or what it needs, is missing */
    static void probe() {
        new Message(0).getHeader().getRcode();
    }

    /** Tells {@code sink} the addresses that {@code answer} has for the name in {@code query}. Never throws. */
    static void read(byte[] query, byte[] answer, HostSink sink) {
        if (!possible(query) || !possible(answer)) {
            return;
        }
        Message asked = message(query);
        Message told = asked == null ? null : message(answer);
        Record question = asked == null ? null : asked.getQuestion();
        if (asked != null && told != null && question != null && asksForAddresses(question) && fits(asked, told)) {
            addresses(question, told.getSection(Section.ANSWER), sink);
        }
    }

    private static boolean possible(byte[] message) {
        return message.length >= MIN_LENGTH && message.length <= MAX_LENGTH;
    }

    /** The message; null if it is malformed. dnsjava says so with unchecked exceptions too. */
    private static @Nullable Message message(byte[] bytes) {
        try {
            return new Message(bytes);
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static boolean asksForAddresses(Record question) {
        int type = question.getType();
        return question.getDClass() == DClass.IN && (type == Type.A || type == Type.AAAA || type == Type.ANY);
    }

    private static boolean fits(Message asked, Message told) {
        return asked.getHeader().getID() == told.getHeader().getID()
                && !asked.getHeader().getFlag(Flags.QR)
                && told.getHeader().getFlag(Flags.QR)
                && told.getHeader().getOpcode() == Opcode.QUERY
                && told.getHeader().getRcode() == Rcode.NOERROR
                && asked.getSection(Section.QUESTION).size() == 1
                && asked.getSection(Section.QUESTION).equals(told.getSection(Section.QUESTION));
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

    /** The name that was asked for and those that it is an alias of. */
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
