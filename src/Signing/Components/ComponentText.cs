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

    /// <summary>Reads a serialised identifier.</summary>
    /// <exception cref="ArgumentException">It is not a component identifier, or not one that can be signed here.</exception>
    public static ComponentIdentifier Parse(string text)
    {
        var reader = new StructuredFieldReader(text);
        if (reader.TryReadBareItem(out var name)
            && ComponentIdentifier.Read(ref reader, name, out var identifier) == SignatureStatus.Verified
            && reader.TryReadEnd())
        {
            return identifier;
        }

        throw new ArgumentException(
            $"{text} is not a component identifier that can be signed. Write a field name in lower case (content-type), a derived component (@path), or an identifier with its parameters (\"@query-param\";name=\"id\").",
            nameof(text));
    }
}
