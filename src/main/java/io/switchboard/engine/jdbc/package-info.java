/**
 * The engine that keeps everything in a database: H2 in a file of this process, or PostgreSQL.
 *
 * <p>May import {@code engine}, {@code channel} and {@code concurrent}. What is written waits in a
 * queue; {@link io.switchboard.engine.jdbc.Writer} takes what has piled up into one transaction,
 * and answers and announces it after the commit. The row of a channel, locked in that transaction,
 * decides its offsets, so several processes may share one PostgreSQL. Start reading at {@link
 * io.switchboard.engine.jdbc.JdbcBroker}, then {@link io.switchboard.engine.jdbc.Batch}.
 */
@NullMarked
package io.switchboard.engine.jdbc;

import org.jspecify.annotations.NullMarked;
