namespace Signing;

/// <summary>Says whether a message has a signature base, where nobody is going to sign or verify it.</summary>
internal static class SignatureBaseCheck
{
    /// <summary>Takes the values of a known list of components without writing down what stands around them.</summary>
    /// <param name="message">The message.</param>
    /// <param name="list">The list.</param>
    /// <param name="text">The list and the parameters, in the strict form.</param>
    /// <returns>What <see cref="SignatureBase.Write{T}(in T, ComponentList, ReadOnlySpan{char}, ref BaseBuffer)"/> would answer.</returns>
    public static SignatureStatus Check<T>(scoped in T message, ComponentList list, ReadOnlySpan<char> text)
        where T : ISignableMessage
    {
        if (!RequestTarget.TryParse(message, out var target))
        {
            return SignatureStatus.MissingComponent;
        }

        var values = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        var written = true;
        for (var i = 0; i < list.Lines.Length && written; i++)
        {
            ref readonly var line = ref list.Lines[i];
            written = line.Derived == DerivedComponents.None
                ? FieldValue.TryWrite(message, line.Name, ref values)
                : DerivedValue.TryWrite(message, target, line.Derived, default, ref values) && !values.Failed;
        }

        // Which of the two is told depends on where the limit is passed.
        var isLong = values.IsTooLarge || values.Written.Length + list.BytesAround + text.Length > SignatureLimits.MaxSignatureBaseBytes;
        var failed = values.Failed;
        values.Dispose();
        return isLong ? WriteWhole(message, list, text)
            : !written ? SignatureStatus.MissingComponent
            : failed ? SignatureStatus.MalformedSignatureInput
            : SignatureStatus.Verified;
    }

    private static SignatureStatus WriteWhole<T>(scoped in T message, ComponentList list, ReadOnlySpan<char> text)
        where T : ISignableMessage
    {
        var whole = new BaseBuffer([]);
        var status = SignatureBase.Write(message, list, text, ref whole);
        whole.Dispose();
        return status;
    }
}
