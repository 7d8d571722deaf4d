package io.switchboard.boot;

/**
 * What operators may see.
 *
 * @param metricsAccess who may read the metrics
 * @param logConnections whether each connection that ends is written down
 */
record OpsSettings(MetricsReaders metricsAccess, boolean logConnections) {
  /** Who may read the metrics. */
  enum MetricsReaders {
    /** Who shows an API key that may read. */
    KEY,
    ANYONE
  }

  static OpsSettings read(SettingsReader reader) {
    return new OpsSettings(
        reader.choice("switchboard.metrics.access", MetricsReaders.KEY),
        reader.bool("switchboard.log.connections", true));
  }
}
