package bench;

/** The command line of the load generator; {@code README.md} beside the sources explains it. */
public final class Main {
  private static final String USAGE =
      "usage: java src/test/bench/Load.java fanout|publish|idle|slow|soak|transports ["
          + "--option value …]; see"
          + " src/test/bench/README.md";

  private Main() {}

  /** Ends with 0 if all went well, 1 if something was lost, doubled or late, 2 for a mistake. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static Summary summary(Options options) {
    Summary summary = new Summary(options.text("file", "target/bench/results.jsonl"));
    options.finish();
    return summary;
  }

  private static TransportsSummary transportsSummary(Options options) {
    TransportsSummary summary =
        new TransportsSummary(options.text("file", "target/bench/transports.jsonl"));
    options.finish();
    return summary;
  }

  private static int run(String[] arguments) {
    if (arguments.length == 0) {
      System.err.println(USAGE);
      return 2;
    }
    try {
      Options options = new Options(arguments, 1);
      boolean well =
          switch (arguments[0]) {
            case "fanout" -> new Fanout(options).run();
            case "publish" -> new PublishMode(options).run();
            case "idle" -> new Idle(options).run();
            case "slow" -> new Slow(options).run();
            case "soak" -> new Soak(options).run();
            case "transports" -> new Transports(options).run();
            case "transports-summary" -> transportsSummary(options).print();
            case "summary" -> summary(options).print();
            default -> throw new Options.Mistake("\"" + arguments[0] + "\" is no mode\n" + USAGE);
          };
      return well ? 0 : 1;
    } catch (Options.Mistake e) {
      System.err.println("load: " + e.getMessage());
      return 2;
    } catch (Broken e) {
      System.err.println("load: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      return 3;
    }
  }
}
