namespace Signing;

/// <summary>Names what libraries escape in the strings of JSON.</summary>
internal enum JsonEscapes
{
    /// <summary>Only what has to be: quotes, backslashes and control characters.</summary>
    Needed = 0,

    /// <summary>All that is not ASCII, too, in small hexadecimal digits, as Python does.</summary>
    NotAscii,

    /// <summary>What means something in HTML, too, in large hexadecimal digits, as System.Text.Json does by default.</summary>
    Html,
}
