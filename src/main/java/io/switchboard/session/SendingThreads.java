package io.switchboard.session;

import io.switchboard.concurrent.WaitWatch;
import java.util.concurrent.Executor;

/**
 * What sessions send on.
 *
 * @param workers threads that hardly ever wait for a peer
 * @param patient threads that may
 * @param watch finds out which workers do wait
 */
public record SendingThreads(Executor workers, Executor patient, WaitWatch watch) {}
