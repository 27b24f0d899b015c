namespace Signing;

/// <summary>RFC 9651 §4.2. Sorts ASCII characters into the classes of this RFC and of RFC 9110. A table.</summary>
internal static class CharacterClass
{
    private const byte KeyStart = 1;
    private const byte Key = 2;
    private const byte TokenStart = 4;
    private const byte Token = 8;
    private const byte FormUnreserved = 16;

    private static readonly byte[] Table = Build();

    /// <summary>RFC 9651 §3.1.2: lcalpha or <c>*</c>.</summary>
    public static bool IsKeyStart(char c) => Has(c, KeyStart);

    /// <summary>RFC 9651 §3.1.2: lcalpha, DIGIT, <c>_ - . *</c>.</summary>
    public static bool IsKey(char c) => Has(c, Key);

    /// <summary>RFC 9651 §3.3.4: ALPHA or <c>*</c>.</summary>
    public static bool IsTokenStart(char c) => Has(c, TokenStart);

    /// <summary>RFC 9651 §3.3.4: tchar, <c>:</c> or <c>/</c>.</summary>
    public static bool IsToken(char c) => Has(c, Token);

    /// <summary>RFC 9421 §2.2.8: what stays as it is when a query parameter is re-encoded.</summary>
    public static bool IsFormUnreserved(char c) => Has(c, FormUnreserved);

    private static bool Has(char c, byte bit) => c < 128 && (Table[c] & bit) != 0;

    private static byte[] Build()
    {
        var table = new byte[128];
        Add("abcdefghijklmnopqrstuvwxyz", KeyStart | Key | TokenStart | Token | FormUnreserved);
        Add("ABCDEFGHIJKLMNOPQRSTUVWXYZ", TokenStart | Token | FormUnreserved);
        Add("0123456789", Key | Token | FormUnreserved);
        Add("*", KeyStart | Key | TokenStart | Token | FormUnreserved);
        Add("_-.", Key | Token | FormUnreserved);
        Add("!#$%&'+^`|~", Token);
        Add(":/", Token);
        return table;

        void Add(string characters, int bits)
        {
            foreach (var c in characters)
            {
                table[c] |= (byte)bits;
            }
        }
    }
}
