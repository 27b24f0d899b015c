namespace Signing.Tests.Support;

/// <summary>How many cases a test draws that tries its luck: with <c>CI=true</c> all of them, else an eighth, so that nobody waits a minute between two changes.</summary>
internal static class Effort
{
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("CI") == "true";

    public static int Of(int cases) => IsWhole ? cases : cases / 8;
}
