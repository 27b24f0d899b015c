using Signing.Tests.Reference;

namespace Signing.Tests.Vectors;

/// <summary>One request with the values of some of its components, written as lines of a signature base; or with "!" and the refusal.</summary>
public sealed record ComponentVector(string Name, ReferenceRequest Request, ReferenceContext Context, string Component, string? Value, SignatureStatus Expected)
{
    public static IReadOnlyList<ComponentVector> All { get; } = VectorFiles.Load("Components", Read).Values.SelectMany(vectors => vectors).ToList();

    private static List<ComponentVector> Read(VectorFiles files)
    {
        var contextText = files.TryReadText("context.txt");
        var context = ContextText.Parse(contextText, VectorFiles.ReadShared("keys.txt"));
        var request = RequestText.Parse(files.ReadText("request.http"), ContextText.Scheme(contextText));
        return files.TryReadLines("component.txt").Select(line => Line(files.Name, request, context, line)).ToList();
    }

    private static ComponentVector Line(string name, ReferenceRequest request, ReferenceContext context, string line)
    {
        var refused = line.Split(" ! ");
        if (refused.Length == 2)
        {
            return new ComponentVector(name, request, context, refused[0], null, Enum.Parse<SignatureStatus>(refused[1]));
        }

        var pair = line.Split(": ", 2);
        return new ComponentVector(name, request, context, pair[0], pair[1], SignatureStatus.Verified);
    }
}
