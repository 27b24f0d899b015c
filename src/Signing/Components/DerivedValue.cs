namespace Signing;

/// <summary>RFC 9421 §2.2. Writes the value of a derived component of a request.</summary>
internal static class DerivedValue
{
    /// <summary>Writes the value of a derived component.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if the message has none that can be signed.</returns>
    public static bool TryWrite<T>(in T message, in RequestTarget target, DerivedComponents derived, ReadOnlySpan<char> argument, ref BaseBuffer buffer)
        where T : ISignableMessage
    {
        switch (derived)
        {
            case DerivedComponents.Method:
                // RFC 9421 §2.2.1: case-sensitive, never normalised.
                return TryAppend(message.Method, ref buffer);
            case DerivedComponents.Scheme:
                return TryAppendLowerCase(target.Scheme, ref buffer);
            case DerivedComponents.Authority:
                return TryAppendAuthority(target, ref buffer);
            case DerivedComponents.Path:
                // The target was checked as a whole when it was taken apart, so its parts need no look.
                buffer.Append(target.Path);
                return true;
            case DerivedComponents.Query:
                buffer.Append(target.Query);
                return true;
            case DerivedComponents.RequestTarget:
                buffer.Append(message.RequestTarget);
                return true;
            case DerivedComponents.QueryParam:
                return QueryParameter.TryWrite(target.Query, argument, ref buffer);
            default:
                return TryAppendTargetUri(message.RequestTarget, target, ref buffer);
        }
    }

    // RFC 9421 §2.2.2: scheme, authority, path and query; a request target has neither fragment nor user information.
    private static bool TryAppendTargetUri(ReadOnlySpan<char> raw, in RequestTarget target, ref BaseBuffer buffer)
    {
        if (!TryAppendLowerCase(target.Scheme, ref buffer))
        {
            return false;
        }

        buffer.Append("://"u8);
        if (!TryAppendAuthority(target, ref buffer))
        {
            return false;
        }

        // RFC 9110 §4.2.3: an empty path is `/`, which is what the next hop would send; a target without a path has none.
        if (!target.PathAndQuery.StartsWith("/") && !RequestTarget.IsPathless(raw))
        {
            buffer.Append((byte)'/');
        }

        buffer.Append(target.PathAndQuery);
        return true;
    }

    // RFC 9421 §2.2.3: lower case, no default port.
    private static bool TryAppendAuthority(in RequestTarget target, ref BaseBuffer buffer) =>
        AuthorityComponent.TryNormalize(target.Scheme, target.Authority, out var authority) && TryAppendLowerCase(authority, ref buffer);

    private static bool TryAppendLowerCase(ReadOnlySpan<char> value, ref BaseBuffer buffer)
    {
        buffer.AppendLowerCase(value);
        return !value.IsEmpty;
    }

    // RFC 9421 §2.2: printable, and no white space at either end. Neither methods nor targets have any at all.
    private static bool TryAppend(ReadOnlySpan<char> value, ref BaseBuffer buffer)
    {
        buffer.Append(value);
        return !value.IsEmpty && !value.ContainsAnyExceptInRange('!', '~');
    }
}
