using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace Signing.PostgreSql;

/// <summary>Keeps the Data Protection key ring in PostgreSQL.</summary>
internal sealed class PostgreSqlKeyRing(Database database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using NpgsqlConnection connection = database.Open();
        using NpgsqlCommand command = database.Command("key_ring.list", connection);
        using NpgsqlDataReader row = command.ExecuteReader();
        List<XElement> elements = [];
        while (row.Read())
        {
            elements.Add(XElement.Parse(row.GetString(0)));
        }

        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        using NpgsqlConnection connection = database.Open();
        using NpgsqlCommand command = database.Command("key_ring.add", connection).Text("name", friendlyName).Text("xml", element.ToString(SaveOptions.DisableFormatting));
        command.ExecuteNonQuery();
    }
}
