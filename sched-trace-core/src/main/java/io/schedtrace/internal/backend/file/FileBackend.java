package io.schedtrace.internal.backend.file;

import io.schedtrace.internal.backend.Backend;
import io.schedtrace.internal.backend.Exclusion;
import io.schedtrace.internal.backend.Feed;
import io.schedtrace.internal.backend.FeedOptions;
import io.schedtrace.internal.decode.MalformedRecordException;
import io.schedtrace.model.Availability;
import io.schedtrace.model.Availability.Reason;
import io.schedtrace.model.TracingUnavailableException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Replays a {@link RecordFile}: each feed delivers all of its records as soon as it is asked to deliver. Nothing can be started,
 * and no thread can enter.
 */
public final class FileBackend implements Backend {
    private final Path file;

    /** @param file is read when a feed is opened */
    public FileBackend(Path file) {
        this.file = file;
    }

    @Override
    public Availability availability() {
        try {
            open(new FeedOptions(FeedOptions.ANY_SIZE, false, false)).close();
            return new Availability(null, "records are replayed from " + file);
        } catch (TracingUnavailableException e) {
            return new Availability(e.reason(), String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Feed open(FeedOptions options) {
        try {
            return new FileFeed(RecordFile.read(file));
        } catch (MalformedRecordException e) {
            throw new TracingUnavailableException(
                    Reason.REFUSED, "records cannot be replayed: " + file + " is damaged: " + e.getMessage());
        } catch (IOException e) {
            throw new TracingUnavailableException(Reason.REFUSED, "records cannot be replayed: " + e.getMessage());
        }
    }

    @Override
    public Exclusion exclusion() {
        return Exclusion.NONE;
    }

    @Override
    public void leave() {}
}
