namespace Signing.Interop.Tests.Matrix;

/// <summary>Who signs for whom; the letter stands for it in the table of the README.</summary>
public sealed record Pair(char Letter, string Library, bool WeSign)
{
    public static IReadOnlyList<Pair> All { get; } =
    [
        new('A', "http-message-signatures", WeSign: false),
        new('B', "http-message-sig", WeSign: false),
        new('C', "http-message-signatures", WeSign: true),
        new('D', "http-message-sig", WeSign: true),
    ];

    public string Name => WeSign ? $"our client, {Library} verifies" : $"{Library} signs, our server";
}
