using Signing.Tests.House;

namespace Signing.Interop.Tests.Matrix;

public sealed class MatrixTableTests
{
    private const string Readme = "tests/Signing.Interop.Tests/README.md";

    [Fact]
    public void The_README_shows_the_matrix_as_it_is_tested()
    {
        string[] shown = [.. Repository.Lines(Readme).SkipWhile(line => !line.StartsWith("| message |", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('|'))];

        Assert.Equal(MatrixTable.Lines(), shown);
    }

    [Fact]
    public void The_README_gives_the_reason_for_whatever_is_impossible()
    {
        string[] shown = [.. Repository.Lines(Readme).SkipWhile(line => line != "What is impossible, and why:").Skip(2).TakeWhile(line => line.Length > 0)];

        Assert.Equal(MatrixTable.Reasons(), shown);
    }

    [Fact]
    public void Whatever_is_listed_as_impossible_is_a_cell_of_the_matrix()
    {
        Assert.All(Impossible.All, entry =>
        {
            Assert.Contains(Message.All, message => message.Name == entry.Message);
            Assert.All(entry.Letters, letter => Assert.Contains(Pair.All, pair => pair.Letter == letter));
            Assert.NotEmpty(entry.Ways);
        });
    }
}
