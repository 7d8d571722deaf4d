package bench;

/** The command line of the load generator; {@code README.md} beside the sources explains it. */
public final class Main {
  private static final String USAGE =
      "usage: java src/test/bench/Load.java fanout [--option value …]; see"
          + " src/test/bench/README.md";

  private Main() {}

  /** Ends with 0 if all went well, 1 if something was lost, doubled or late, 2 for a mistake. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
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
            default -> throw new Options.Mistake("\"" + arguments[0] + "\" is no mode\n" + USAGE);
          };
      return well ? 0 : 1;
    } catch (Options.Mistake e) {
      System.err.println("load: " + e.getMessage());
      return 2;
    } catch (IllegalStateException e) {
      System.err.println("load: " + e.getMessage());
      return 1;
    }
  }
}
