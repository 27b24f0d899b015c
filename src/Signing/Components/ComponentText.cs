namespace Signing;

/// <summary>RFC 9421 §2. Reads the component identifiers that a policy names.</summary>
internal static class ComponentText
{
    /// <summary>Gives <c>"@path"</c> with its quotes, from <c>@path</c> or from what is serialised already.</summary>
    public static string Serialize(string component)
    {
        ArgumentException.ThrowIfNullOrEmpty(component);
        return component[0] == '"' ? component : $"\"{component}\"";
    }

    /// <summary>Says whether this is the name of a field and nothing else; in quotes it would be another name than that of any field that is present.</summary>
    /// <exception cref="ArgumentException">It is not a component identifier, or not one that can be signed in this kind of message.</exception>
    public static bool IsFieldName(string component, bool isResponse) => Parse(Serialize(component), isResponse).IsPlainField && component[0] != '"';

    /// <summary>Reads a serialised identifier.</summary>
    /// <exception cref="ArgumentException">It is not a component identifier, or not one that can be signed in this kind of message.</exception>
    public static ComponentIdentifier Parse(string text, bool isResponse)
    {
        var reader = new StructuredFieldReader(text);
        if (reader.TryReadBareItem(out var name)
            && ComponentIdentifier.Read(ref reader, name, isResponse, out var identifier) == SignatureStatus.Verified
            && reader.Position == text.Length)
        {
            return identifier;
        }

        var derived = isResponse ? "@status, a derived component of the request (\"@path\";req)" : "a derived component (@path)";
        throw new ArgumentException(
            $"{text} is not a component identifier that can be signed in a {(isResponse ? "response" : "request")}. Write a field name in lower case (content-type), {derived}, or an identifier with its parameters (\"@query-param\";name=\"id\"{(isResponse ? ";req" : "")}).",
            nameof(text));
    }
}
