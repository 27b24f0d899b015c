namespace Signing.Client;

/// <summary>Holds what follows from one version of the options: which slot, and which header.</summary>
internal sealed record TokenPlan(TokenSlot Slot, TokenHeader Header);
