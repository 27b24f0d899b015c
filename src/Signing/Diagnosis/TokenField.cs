namespace Signing;

/// <summary>Tells which components carry a token or a MAC, so that their values are shown to nobody.</summary>
internal static class TokenField
{
    private static readonly string[] Marks = ["auth", "cookie", "token", "secret", "key", "password", "session", "credential", "signature"];

    /// <summary>Tells whether the field of an identifier carries a token; its name is all there is to go by.</summary>
    public static bool Carries(string component)
    {
        var name = component.AsSpan(1);
        var end = name.IndexOf('"');
        name = end < 0 ? name : name[..end];
        if (name.StartsWith("@"))
        {
            return false;
        }

        foreach (var mark in Marks)
        {
            if (name.Contains(mark, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
