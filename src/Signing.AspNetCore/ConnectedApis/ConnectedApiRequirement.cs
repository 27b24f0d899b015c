using Microsoft.AspNetCore.Authorization;

namespace Signing.AspNetCore;

/// <summary>Asks that the application of the caller's credential be connected to an API; <c>RequireConnectedApi</c> makes it.</summary>
public sealed class ConnectedApiRequirement : IAuthorizationRequirement, IAuthorizationRequirementData
{
    internal ConnectedApiRequirement(string name)
    {
        if (!RecordRules.IsEntry(name))
        {
            throw new ArgumentException(
                $"The name of an API has 1 to {RecordRules.MaxEntryLength} printable ASCII characters without space, quotation mark and backslash.", nameof(name));
        }

        Name = name;
    }

    /// <summary>The name of the API; compared ordinally.</summary>
    public string Name { get; }

    /// <summary>Gives the requirement to the authorization of the endpoint.</summary>
    /// <returns>This one.</returns>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [this];

    /// <summary>Says what is asked, as the host's log has it.</summary>
    /// <returns>The sentence.</returns>
    public override string ToString() => $"The application of the credential must be connected to the API {Name}.";
}
