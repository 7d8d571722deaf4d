package bench;

/** The run cannot go on, for a reason that its message tells; no mistake of this program. */
final class Broken extends RuntimeException {
  private static final long serialVersionUID = 1;

  Broken(String message) {
    super(message);
  }
}
