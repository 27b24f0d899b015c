namespace Signing.Management;

/// <summary>What a change must carry, beside the cookie that came with this.</summary>
internal sealed record AntiforgeryAnswer(string Header, string Token);
