namespace Signing.Client;

/// <summary>Holds what follows from one version of the options: the token, and which header.</summary>
internal sealed record ApiTokenPlan(string Token, TokenHeader Header)
{
    public override string ToString() => Header.Name;
}
