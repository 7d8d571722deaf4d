package io.switchboard.boot;

import io.switchboard.hub.Hub;
import io.switchboard.lab.Lab;
import io.switchboard.lab.Pulse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Clock;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Makes the lab out of what the JVM offers. */
final class LabParts {
  private static final Logger LOG = System.getLogger(LabParts.class.getName());

  private LabParts() {}

  static Lab lab(Settings settings, Hub hub, Clock clock, RandomGenerator random, Threads threads) {
    ThreadMXBean jvm = ManagementFactory.getThreadMXBean();
    boolean cpu = jvm.isCurrentThreadCpuTimeSupported() && jvm.isThreadCpuTimeEnabled();
    return new Lab(
        settings.lab(),
        hub,
        new Lab.Sources(
            clock,
            System::nanoTime,
            random,
            pulse(threads.timer()),
            cpu ? jvm::getCurrentThreadCpuTime : System::nanoTime,
            cpu ? "cpu" : "wall"));
  }

  private static Pulse pulse(ScheduledExecutorService timer) {
    return (period, task) -> {
      ScheduledFuture<?> beating =
          timer.scheduleAtFixedRate(
              () -> {
                try {
                  task.run();
                } catch (RuntimeException e) { // a timer forgets tasks that throw
                  LOG.log(Level.ERROR, "the lab failed", e);
                }
              },
              period.toNanos(),
              period.toNanos(),
              TimeUnit.NANOSECONDS);
      return () -> beating.cancel(false);
    };
  }
}
